import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { quote } from "../diagnostics/quote.ts";
import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import type { Condition } from "../terms/program.ts";
import { evidenceIn } from "./evidence.ts";
import type { Ground } from "./ground.ts";
import { findGap, type Reach, reachOf, takeover } from "./reach.ts";
import { atKey, atValue, relatedRoutes, replayHelp, routeNames } from "./report.ts";

/** What becomes of each route, by index. */
export function reaches(ground: Ground): readonly Reach[] {
  return ground.program.routes.map((_, index) => reachOf(ground, index));
}

/** Finds routes that no request gets to, and routes without which nothing would change. */
export function* findRoutes(
  loaded: LoadedPolicy,
  ground: Ground,
  reached: readonly Reach[],
): Generator<Diagnostic> {
  for (const [index, reach] of reached.entries()) {
    const finding = routeFinding(loaded, ground, index, reach);
    if (finding) yield finding;
  }
}

function routeFinding(
  loaded: LoadedPolicy,
  ground: Ground,
  index: number,
  reach: Reach,
): Diagnostic | undefined {
  const path: Path = ["routes", index, "name"];
  const name = quote(ground.program.routes[index]?.name ?? "");
  switch (reach.kind) {
    case "covered": {
      const message = `route ${name} is never reached: ${routeNames(loaded, reach.by)} ${reach.by.length === 1 ? "takes" : "take"} all that it matches`;
      const related = relatedRoutes(loaded, reach.by, "takes requests first");
      const help = "put it before them, narrow what they match, or delete it";
      return atValue(loaded, path, ["SB301", message], { related, help });
    }
    case "undecided": {
      const message = `it could not be decided in time whether route ${name} is reached`;
      const help = "fewer conditions, or simpler ones, can be decided";
      return atValue(loaded, path, ["SB305", message], { help });
    }
    case "reached": {
      const others = takeover(ground, index, reach.box);
      if (!others) return undefined;
      const message = `route ${name} makes no difference: without it its requests would meet ${routeNames(loaded, others)}, which ${others.length === 1 ? "does" : "do"} the same`;
      const related = relatedRoutes(loaded, others, "does the same");
      const help = "delete it, or have it do something else";
      return atValue(loaded, path, ["SB303", message], { related, help });
    }
    case "empty":
      return undefined;
  }
}

/** Finds conditions that no request can meet: of routes, ceilings and promises, and branches of their `anyOf`. */
export function* findEmpty(loaded: LoadedPolicy, ground: Ground): Generator<Diagnostic> {
  const { routes, ceilings, promises } = ground.program;
  for (const [index, { when }] of routes.entries()) {
    yield* emptyIn(loaded, ground, when, ["routes", index, "match"]);
  }
  for (const [index, { when }] of ceilings.entries()) {
    yield* emptyIn(loaded, ground, when, ["ceilings", index, "match"]);
  }
  for (const [index, { given }] of promises.entries()) {
    yield* emptyIn(loaded, ground, given, ["assert", index, "given"]);
  }
}

function* emptyIn(
  loaded: LoadedPolicy,
  ground: Ground,
  { fields, anyOf }: Condition,
  path: Path,
): Generator<Diagnostic> {
  if (ground.boxesOf({ fields, ...(anyOf && { anyOf }) })?.length === 0) {
    const message = "no request can meet this condition";
    const help = "its parts shut each other out";
    yield atKey(loaded, path, ["SB302", message], { help });
    return;
  }
  for (const [at, branch] of (anyOf ?? []).entries()) {
    const both = {
      fields: [...fields, ...branch.fields],
      ...(branch.anyOf && { anyOf: branch.anyOf }),
    };
    yield* emptyIn(loaded, ground, both, [...path, "anyOf", at]);
  }
}

/** Finds requests that meet no route; a policy that promises there are none is told so at the promise. */
export function* findGaps(loaded: LoadedPolicy, ground: Ground): Generator<Diagnostic> {
  const isPromised = ground.program.promises.some(
    ({ claim, given }) => claim.kind === "total" && given.fields.length === 0 && !given.anyOf,
  );
  if (isPromised) return;
  const gap = findGap(ground);
  if (gap.kind !== "reached") return;
  const evidence = evidenceIn(ground, gap.box);
  const message = `some requests meet no route, such as ${JSON.stringify(evidence.request)}`;
  const help = `end with a route without \`match\`; ${replayHelp(loaded, evidence)}`;
  yield atKey(loaded, ["routes"], ["SB304", message], { help });
}
