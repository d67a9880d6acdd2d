/** Errors stop a policy from being used; warnings do not. */
export type Severity = "error" | "warning";

export interface CodeEntry {
  readonly severity: Severity;
  /** What the code means, in one sentence. */
  readonly summary: string;
}

/**
 * Every finding that Signalbox knows, by code. Append-only: a code never changes its meaning and is never used again.
 *
 * The first digit says what it is about: 0 YAML, 1 schema, 2 references, 3 reachability, 4 promises, 5 cost and
 * ceilings, 6 resilience, 7 secrets and environment, 8 style. Each has a page `docs/rules/SBnnn.md`.
 */
export const codes = {
  SB001: { severity: "error", summary: "The file is not UTF-8 text." },
  SB002: {
    severity: "error",
    summary: "The file, or a part of it, is larger or deeper than is read.",
  },
  SB003: { severity: "error", summary: "The text is not YAML." },
  SB004: {
    severity: "error",
    summary: "Anchors, aliases and merge keys are not part of the language.",
  },
  SB005: { severity: "error", summary: "YAML tags are not part of the language." },
  SB006: { severity: "error", summary: "YAML directives are not part of the language." },
  SB007: { severity: "error", summary: "A file holds one document." },
  SB008: {
    severity: "error",
    summary: "A character cannot be seen, or shows other text than it is.",
  },
  SB009: { severity: "error", summary: "A key is written twice in one map." },
  SB010: { severity: "error", summary: "A key is not plain text." },
  SB011: { severity: "error", summary: "The file holds no policy." },
  SB012: { severity: "error", summary: "A number cannot be kept exactly." },
  SB101: { severity: "error", summary: "A property is not part of the language." },
  SB102: { severity: "error", summary: "A property that must be there is missing." },
  SB103: { severity: "error", summary: "A value is of the wrong type." },
  SB104: { severity: "error", summary: "A value is not one of those allowed." },
  SB105: { severity: "error", summary: "A name has a form that names cannot have." },
  SB106: { severity: "error", summary: "A quantity is not written with its unit." },
  SB107: { severity: "error", summary: "A number or quantity is out of range." },
  SB108: {
    severity: "error",
    summary: "A block does not say, or says twice, which kind of block it is.",
  },
  SB109: { severity: "error", summary: "A list, a block or a text is empty." },
  SB110: { severity: "error", summary: "A target or pattern has a form that it cannot have." },
  SB111: { severity: "error", summary: "`anyOf` is nested too deep." },
  SB112: { severity: "error", summary: "A list holds a value twice." },
  SB201: { severity: "error", summary: "A provider is not declared." },
  SB202: { severity: "error", summary: "A chain is not declared." },
  SB203: { severity: "error", summary: "A breaker or retry rule is not declared." },
  SB204: { severity: "error", summary: "A field is neither built in nor a declared attribute." },
  SB205: { severity: "error", summary: "A value is not one that its attribute or field can have." },
  SB206: { severity: "error", summary: "A field is tested in a way that it cannot be." },
  SB207: { severity: "error", summary: "A chain leads back to itself." },
  SB208: { severity: "error", summary: "A chain holds more targets than a plan can." },
  SB209: { severity: "error", summary: "Two entries of a list have the same name." },
  SB210: { severity: "error", summary: "An attribute has a name that is taken." },
  SB211: { severity: "error", summary: "A file cannot be included." },
  SB212: { severity: "error", summary: "Files include each other in a circle." },
  SB213: { severity: "error", summary: "An included file says what only the main file may." },
  SB214: { severity: "error", summary: "A name is declared in two files." },
  SB221: { severity: "error", summary: "A test names what its policy does not have." },
  SB222: { severity: "error", summary: "The policy of a test file cannot be used." },
  SB301: {
    severity: "warning",
    summary: "Earlier routes take every request that a route matches.",
  },
  SB302: { severity: "warning", summary: "No request meets a condition." },
  SB303: {
    severity: "warning",
    summary: "A route makes no difference: later ones would do the same.",
  },
  SB304: { severity: "warning", summary: "Some requests meet no route." },
  SB305: {
    severity: "warning",
    summary: "It could not be decided in time whether a route is reached.",
  },
  SB401: {
    severity: "error",
    summary: "A request can be tried at a target that a promise shuts out.",
  },
  SB402: { severity: "error", summary: "A request meets no route, against a promise." },
  SB403: {
    severity: "error",
    summary: "No target can answer a request that a promise says is answered.",
  },
  SB404: { severity: "error", summary: "A request can cost more than a promise allows." },
  SB405: { severity: "error", summary: "A promise could be neither proved nor refuted." },
  SB406: {
    severity: "warning",
    summary: "A promise rests on the labels of a provider that passes calls on.",
  },
  SB407: {
    severity: "warning",
    summary: "A promise on cost holds for ordinary requests alone.",
  },
  SB501: {
    severity: "warning",
    summary: "A target without a known price stands under a hard ceiling.",
  },
  SB502: { severity: "warning", summary: "Nothing bounds the output of a target under a ceiling." },
  SB503: { severity: "warning", summary: "A target is priced as another model." },
  SB504: {
    severity: "warning",
    summary: "A hard ceiling can be evaded by what the caller says of itself.",
  },
  SB505: {
    severity: "warning",
    summary: "A hard ceiling is below what any request of a route costs.",
  },
  SB506: {
    severity: "warning",
    summary: "A target can serve no request that gets to it.",
  },
  SB507: { severity: "warning", summary: "A ceiling counts no request." },
  SB508: { severity: "warning", summary: "A model is not known, and one of nearly that name is." },
  SB601: {
    severity: "warning",
    summary: "No target of a route speaks the API formats that it matches.",
  },
  SB602: { severity: "warning", summary: "All targets of a chain are at one provider." },
  SB603: { severity: "warning", summary: "A chain of several targets allows one attempt." },
  SB604: {
    severity: "warning",
    summary: "A breaker's cool-down is shorter than the wait of a retry.",
  },
  SB701: { severity: "error", summary: "An environment variable is not set." },
  SB702: { severity: "error", summary: "A key is written in the policy." },
  SB703: { severity: "error", summary: "A base URL has a form that it cannot have." },
  SB704: { severity: "warning", summary: "A key would travel unencrypted over a public network." },
  SB705: { severity: "error", summary: "A provider's key is missing or cannot be used at start." },
  SB801: { severity: "warning", summary: "A name is declared and not used." },
  SB802: { severity: "warning", summary: "A setting has no effect where it stands." },
  SB803: { severity: "warning", summary: "An ignore lacks its code or its reason." },
  SB804: { severity: "warning", summary: "An ignore names what cannot be ignored." },
  SB805: { severity: "warning", summary: "An ignore silences nothing." },
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type Code = keyof typeof codes;

/** The page that explains a code, from the root of the package. */
export function pageOf(code: Code): string {
  return `docs/rules/${code}.md`;
}
