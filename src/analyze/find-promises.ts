import type { Code } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quote } from "../diagnostics/quote.ts";
import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import type { Claim, PromiseSpec } from "../terms/program.ts";
import { unreachable } from "../terms/unreachable.ts";
import { decideAnswerable } from "./promise-answerable.ts";
import { decideCost } from "./promise-cost.ts";
import { decideTargets } from "./promise-targets.ts";
import { decideTotal } from "./promise-total.ts";
import type { Questions } from "./questions.ts";
import { atKey, relatedRoutes, replayHelp } from "./report.ts";
import type { Refutation, Verdict } from "./verdict.ts";

/** Decides one promise over all requests and all states of breakers, holds and budgets. */
export function decide(questions: Questions, promise: PromiseSpec): Verdict {
  const { claim } = promise;
  switch (claim.kind) {
    case "only":
    case "never":
      return decideTargets(questions, promise, claim);
    case "total":
      return decideTotal(questions.ground, promise);
    case "answerable":
      return decideAnswerable(questions, promise);
    case "maxCost":
      return decideCost(questions, promise, claim.limit);
    default:
      return unreachable(claim);
  }
}

/** Finds promises that are broken, that could not be decided, or that hold only as far as somebody is believed. */
export function* findPromises(loaded: LoadedPolicy, questions: Questions): Generator<Diagnostic> {
  for (const [index, promise] of questions.ground.program.promises.entries()) {
    const verdict = decide(questions, promise);
    yield* promiseFindings(loaded, promise, ["assert", index], verdict);
  }
}

function* promiseFindings(
  loaded: LoadedPolicy,
  promise: PromiseSpec,
  path: Path,
  verdict: Verdict,
): Generator<Diagnostic> {
  const name = quote(promise.name);
  const { kind } = promise.claim;
  switch (verdict.kind) {
    case "refuted": {
      const message = `the promise ${name} is broken: ${verdict.detail}`;
      yield atKey(loaded, [...path, kind], [brokenCodes[kind], message], shownBy(loaded, verdict));
      return;
    }
    case "undecided": {
      const message = `the promise ${name} could be neither proved nor refuted: ${verdict.because}`;
      const related =
        verdict.route === undefined ? [] : relatedRoutes(loaded, [verdict.route], "is where");
      const help = "give it to fewer requests, or make the conditions simpler";
      yield atKey(loaded, [...path, kind], ["SB405", message], { related, help });
      return;
    }
    case "proved":
      yield* reservations(loaded, name, [...path, kind], verdict);
      return;
    default:
      return unreachable(verdict);
  }
}

function* reservations(
  loaded: LoadedPolicy,
  name: string,
  path: Path,
  { trusting, beyond }: Extract<Verdict, { kind: "proved" }>,
): Generator<Diagnostic> {
  for (const provider of trusting ?? []) {
    const message = `the promise ${name} is proved, given the labels of ${quote(provider)}, which passes calls on to others`;
    const help = `say why they hold: \`vouched: "…"\` on the provider`;
    yield atKey(loaded, path, ["SB406", message], { help });
  }
  if (!beyond) return;
  const isShown = beyond.kind === "refuted";
  const message = `the promise ${name} is proved for requests of one answer and four bytes a token alone${isShown ? `: ${beyond.detail}` : ""}`;
  const ceiling = "a hard ceiling `per: request` holds for all";
  const help = isShown ? `${ceiling}; ${replayHelp(loaded, beyond.evidence)}` : ceiling;
  yield atKey(loaded, path, ["SB407", message], { help });
}

function shownBy(loaded: LoadedPolicy, { evidence, route }: Refutation) {
  const related = route === undefined ? [] : relatedRoutes(loaded, [route], "takes the request");
  return { related, help: replayHelp(loaded, evidence) };
}

const brokenCodes: Readonly<Record<Claim["kind"], Code>> = {
  only: "SB401",
  never: "SB401",
  total: "SB402",
  answerable: "SB403",
  maxCost: "SB404",
};
