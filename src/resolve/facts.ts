import { type Api, apis, needs as everyNeed, type Need } from "../terms/api.ts";
import type { AttributeValue, Facts, ResolveRequest } from "../terms/facts.ts";
import type { AttributeSpec, Program } from "../terms/program.ts";
import { identify, type Said } from "./identity.ts";
import { unknownFields } from "./request-fields.ts";

export type FactsOutcome =
  | { readonly kind: "facts"; readonly facts: Facts; readonly notes: readonly string[] }
  | {
      readonly kind: "problem";
      readonly problems: readonly string[];
      /** `forbidden` where the caller says what it may not, or its key has expired. */
      readonly code: "bad_request" | "forbidden";
    };

/** Four bytes a token: what an estimate stands for where nothing better is known. */
const bytesPerToken = 4;

/**
 * Builds the facts of a request: applies its key and the defaults, and refuses what the policy does not declare or cannot
 * be, and what the caller may not say.
 *
 * @param said who says so, and when; in-process arguments may say everything
 * @returns every problem at once, each one line; a face answers them with a 400, or a 403 where they are `forbidden`
 */
export function readFacts(program: Program, asked: ResolveRequest, said: Said = {}): FactsOutcome {
  const identified = identify(program, asked, said);
  if (identified.kind === "forbidden") {
    return { kind: "problem", problems: [identified.why], code: "forbidden" };
  }
  const { request } = identified;
  const problems = [...unknownFields(asked)];
  const api = readApi(request.api, problems);
  const needs = readNeeds(request.needs, problems);
  for (const field of ["inputTokens", "inputTokensAtMost", "outputTokens", "answers"] as const) {
    checkCount(field, request[field], problems);
  }
  for (const field of ["model", "project", "user", "key"] as const) {
    checkText(field, request[field], problems);
  }
  for (const field of ["stream", "liftsWindow"] as const) {
    checkFlag(field, request[field], problems);
  }
  const serverTools = readServerTools(request.serverTools, problems);
  const attributes = readAttributes(program, request.attributes ?? {}, problems);
  if (problems.length > 0) return { kind: "problem", problems, code: "bad_request" };
  const facts = checkedFacts(request, { api, needs, serverTools, attributes });
  return { kind: "facts", facts, notes: notesOn(request) };
}

type Checked = Pick<Facts, "api" | "needs" | "attributes"> & {
  readonly serverTools: readonly string[];
};

/** What is not there has no key, so that equal requests have equal facts. */
function checkedFacts(request: ResolveRequest, { serverTools, ...checked }: Checked): Facts {
  const { model, inputTokens = 0, outputTokens, project, user, key, liftsWindow } = request;
  return {
    ...(model !== undefined && { model }),
    ...checked,
    stream: request.stream ?? false,
    inputTokens,
    inputTokensAtMost: request.inputTokensAtMost ?? inputTokens * bytesPerToken,
    ...(outputTokens !== undefined && { outputTokens }),
    answers: Math.max(1, request.answers ?? 1),
    ...(serverTools.length > 0 && { serverTools }),
    ...(liftsWindow && { liftsWindow }),
    ...(project !== undefined && { project }),
    ...(user !== undefined && { user }),
    ...(key !== undefined && { key }),
  };
}

function notesOn(request: ResolveRequest): string[] {
  return request.inputTokens === undefined ? ["`inputTokens` is not given and counts as 0"] : [];
}

function readApi(api: Api | undefined, problems: string[]): Api {
  if (api === undefined) return "chat";
  if (!apis.includes(api)) problems.push(`\`api\` is ${apis.join(", ")}, not \`${String(api)}\``);
  return api;
}

function readNeeds(listed: readonly Need[] | undefined, problems: string[]): readonly Need[] {
  if (listed === undefined) return [];
  if (!Array.isArray(listed)) {
    problems.push("`needs` is a list");
    return [];
  }
  for (const need of listed) {
    if (!everyNeed.includes(need))
      problems.push(`\`needs\` lists ${everyNeed.join(", ")}, not \`${String(need)}\``);
  }
  return [...new Set(listed)];
}

function readServerTools(
  listed: readonly string[] | undefined,
  problems: string[],
): readonly string[] {
  if (listed === undefined) return [];
  if (Array.isArray(listed) && listed.every((name) => typeof name === "string")) return listed;
  problems.push("`serverTools` is a list of names");
  return [];
}

function checkCount(field: string, value: number | undefined, problems: string[]): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  problems.push(`\`${field}\` is a whole number of at least 0, not \`${String(value)}\``);
}

function checkFlag(field: string, value: boolean | undefined, problems: string[]): void {
  if (value === undefined || typeof value === "boolean") return;
  problems.push(`\`${field}\` is true or false, not \`${String(value)}\``);
}

/**
 * Names are kept: in memos, buckets, holds and records. Longer ones than these are no names, and would fill memory with
 * what a caller makes up.
 */
const longest = { model: 512, project: 256, user: 256, key: 256, attribute: 256 } as const;

function checkText(
  field: "model" | "project" | "user" | "key",
  value: string | undefined,
  problems: string[],
): void {
  if (value === undefined) return;
  if (typeof value !== "string" || value === "") {
    problems.push(`\`${field}\` is a text, not ${value === "" ? "empty" : `\`${String(value)}\``}`);
  } else if (value.length > longest[field]) {
    problems.push(`\`${field}\` has at most ${longest[field]} characters, not ${value.length}`);
  }
}

function readAttributes(
  program: Program,
  given: Readonly<Record<string, AttributeValue>>,
  problems: string[],
): Readonly<Record<string, AttributeValue>> {
  const attributes: Record<string, AttributeValue> = Object.create(null);
  if (typeof given !== "object" || Array.isArray(given)) problems.push("`attributes` is an object");
  for (const [name, spec] of Object.entries(program.attributes)) {
    if (spec.default !== undefined) attributes[name] = spec.default;
  }
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(program.attributes, name) ? program.attributes[name] : undefined;
    const problem = spec ? misfit(spec, value) : "is not declared in this policy";
    if (problem) problems.push(`attribute \`${name}\` ${problem}`);
    else attributes[name] = value;
  }
  return attributes;
}

/** What is wrong with an attribute's value, or `undefined`. */
function misfit(spec: AttributeSpec, value: AttributeValue): string | undefined {
  if (spec.values && !spec.values.includes(value)) {
    return `is one of ${spec.values.join(", ")}, not \`${String(value)}\``;
  }
  if (typeof value === "string" && value.length > longest.attribute) {
    return `has at most ${longest.attribute} characters, not ${value.length}`;
  }
  const isOne = typeof value === spec.type && (spec.type !== "number" || Number.isFinite(value));
  return isOne ? undefined : `is a ${spec.type}, not \`${String(value)}\``;
}
