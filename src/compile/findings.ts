import type { Catalog } from "../catalog/catalog.ts";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean, nearest } from "../diagnostics/nearest.ts";
import { admitMentions, targetMentions } from "../policy/check/mentions.ts";
import type { LoadedPolicy, Path } from "../policy/loaded-policy.ts";
import type { Step } from "../policy/policy.generated.ts";
import { chainBlock, stepShape } from "../policy/shapes.ts";
import { type Api, apis } from "../terms/api.ts";
import { globsMeet, globTest } from "../terms/glob.ts";
import { rateIsZero } from "../terms/price.ts";
import type { CeilingSpec, ChainSpec, Program, RouteSpec, TargetSpec } from "../terms/program.ts";
import type { TargetId } from "../terms/target.ts";

/** What only the catalog can tell of a policy: missing prices and output limits, prices of other models, formats. */
export function findings(
  loaded: LoadedPolicy,
  program: Program,
  catalog: Catalog,
): readonly Diagnostic[] {
  return [
    ...[...targetPlaces(loaded)].flatMap(([id, path]) =>
      targetFindings(loaded, program, catalog, id, path),
    ),
    ...Object.values(program.chains).flatMap((chain) => outputFindings(loaded, program, chain)),
    ...modelFindings(loaded),
    ...program.routes.flatMap((route, index) => formatFindings(loaded, program, route, index)),
  ];
}

/** Where each target is first written. */
function targetPlaces({ policy }: LoadedPolicy): ReadonlyMap<string, Path> {
  const places = new Map<string, Path>();
  const note = (written: string | { readonly target: string }, path: Path) => {
    const isText = typeof written === "string";
    const id = isText ? written : written.target;
    if (!places.has(id)) places.set(id, isText ? path : [...path, "target"]);
  };
  const visit = (step: Step, path: Path) => {
    const shape = stepShape(step);
    if (shape === "target") note(step as string | { target: string }, path);
    if (shape !== "group" || typeof step === "string" || !("from" in step)) return;
    for (const [index, member] of step.from.entries()) note(member, [...path, "from", index]);
  };
  for (const [name, chain] of Object.entries(policy.chains ?? {})) {
    const steps: Path = Array.isArray(chain) ? ["chains", name] : ["chains", name, "steps"];
    for (const [index, step] of chainBlock(chain).steps.entries()) visit(step, [...steps, index]);
  }
  return places;
}

function targetFindings(
  loaded: LoadedPolicy,
  program: Program,
  catalog: Catalog,
  id: string,
  path: Path,
): Diagnostic[] {
  const target = program.targets[id as TargetId];
  if (!target) return [];
  const place = loaded.placeOf(path);
  const ceiling = hardCeilingOver(program, target.id);
  if (!target.price && ceiling) {
    const message = `the price of \`${id}\` is not known, so the hard ceiling \`${ceiling.name}\` shuts it out`;
    const slip = likelySlip(program, catalog, target);
    const help =
      slip === undefined ? statePrice(id) : `${slip} Else state its price under \`models\``;
    return [diagnostic("SB501", message, place, { help })];
  }
  const slip = target.price ? undefined : likelySlip(program, catalog, target);
  if (slip !== undefined) {
    const help = `${slip} Else say what is known of it under \`models\``;
    return [diagnostic("SB508", `the model of \`${id}\` is not known`, place, { help })];
  }
  const matched = target.price?.matched;
  if (matched === undefined) return [];
  const help = "state its own price under `models:` if it differs";
  return [diagnostic("SB503", `\`${id}\` is priced as \`${matched}\``, place, { help })];
}

function statePrice(id: string): string {
  return `state it: \`models: { "${id}": { price: { input: $1, output: $2 } } }\`, dollars per million tokens`;
}

/**
 * Asks whether a model of nearly that name was meant. Names that differ in digits alone are versions, and a new one is
 * no slip.
 */
function likelySlip(
  program: Program,
  catalog: Catalog,
  { provider, model }: TargetSpec,
): string | undefined {
  const kind = program.providers[provider]?.kind ?? "";
  if (catalog.model(kind, model)) return undefined;
  const near = nearest(model, catalog.models(kind));
  const isVersion = near !== undefined && near.replace(/\d/g, "") === model.replace(/\d/g, "");
  return near === undefined || isVersion ? undefined : `did you mean \`${provider}:${near}\`?`;
}

/** Entries of `models` that speak of no target: what they say, a misspelt price above all, is said of nothing. */
function modelFindings(loaded: LoadedPolicy): Diagnostic[] {
  const { policy } = loaded;
  const targets = [...targetMentions(policy)].map(({ target }) => target);
  const mentioned = [...targets, ...[...admitMentions(policy)].map(({ admits }) => admits)];
  return Object.keys(policy.models ?? {})
    .filter((pattern) => !mentioned.some((each) => globsMeet(pattern, each)))
    .map((pattern) => {
      const message = `\`${pattern}\` meets no target of this policy`;
      const help = didYouMean(pattern, targets) ?? "name such a target in a chain, or delete it";
      return diagnostic("SB801", message, loaded.keyPlaceOf(["models", pattern]), { help });
    });
}

/** The first ceiling that refuses, rather than warns, and that counts this target. */
function hardCeilingOver(program: Program, target: TargetId): CeilingSpec | undefined {
  return program.ceilings.find(
    ({ exceeded, targets }) =>
      exceeded.kind !== "warn" && (!targets || targets.some((glob) => globTest(glob)(target))),
  );
}

function outputFindings(loaded: LoadedPolicy, program: Program, chain: ChainSpec): Diagnostic[] {
  if (chain.maxOutputTokens !== undefined) return [];
  const costly = chainTargets(program, chain).find(
    ({ id, price }) => price && !rateIsZero(price.output) && hardCeilingOver(program, id),
  );
  if (!costly) return [];
  const bound = costly.maxOutput;
  const consequence =
    bound === undefined
      ? `nothing bounds the output of \`${costly.id}\`, so a hard ceiling shuts out requests without a limit of their own`
      : `a request without a limit reserves the most \`${costly.id}\` can write, ${bound} tokens`;
  const place = loaded.keyPlaceOf(["chains", chain.name]);
  const help = "set `maxOutputTokens` on the chain or under `defaults`";
  return [diagnostic("SB502", consequence, place, { help })];
}

/** The targets that a chain writes out. */
function chainTargets(program: Program, chain: ChainSpec): readonly TargetSpec[] {
  const ids = chain.steps.flatMap((step) => {
    if (step.kind === "target") return [step.entry.target];
    return step.kind === "pick" ? step.from.map(({ entry }) => entry.target) : [];
  });
  return ids.flatMap((id) => program.targets[id] ?? []);
}

function formatFindings(
  loaded: LoadedPolicy,
  program: Program,
  route: RouteSpec,
  index: number,
): Diagnostic[] {
  if (route.action.kind !== "use") return [];
  const chain = program.chains[route.action.chain];
  if (!chain) return [];
  const matched = matchedApis(route);
  const providers = [
    ...chainTargets(program, chain).map(({ provider }) => provider),
    ...chain.steps.flatMap((step) =>
      step.kind === "requested" ? step.admits.map(({ provider }) => provider) : [],
    ),
  ];
  const spoken = providers.flatMap((name) => program.providers[name]?.apis ?? []);
  if (matched.length === 0 || matched.some((api) => spoken.includes(api))) return [];
  const message = `route \`${route.name}\` takes ${matched.join(" and ")} requests, which no target of \`${chain.name}\` speaks`;
  const place = loaded.placeOf(["routes", index, "use"]);
  const help = `its targets speak ${[...new Set(spoken)].join(" and ")}; formats are not translated into each other yet`;
  return [diagnostic("SB601", message, place, { help })];
}

/** The API formats that a route's own `api` field lets in; `anyOf` is not looked into. */
function matchedApis({ when }: RouteSpec): readonly Api[] {
  const tests = when.fields.flatMap(({ field, test }) =>
    field === "api" && test.kind === "in" ? [test] : [],
  );
  return apis.filter((api) =>
    tests.every(({ values, globs, present, not }) => {
      const listed = present || values.includes(api) || globs.some((glob) => globTest(glob)(api));
      return listed !== not;
    }),
  );
}
