import { modelFacts } from "../catalog/bind-target.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import type { LoadedPolicy } from "../policy/loaded-policy.ts";
import type { Attribute } from "../policy/policy.generated.ts";
import type { AttributeSpec, Program, RouteSpec, TargetSpec } from "../terms/program.ts";
import { splitTarget, type TargetId } from "../terms/target.ts";
import { compileCeilings } from "./ceilings.ts";
import { compileChains, writtenTargets } from "./chains.ts";
import { compileMatch } from "./conditions.ts";
import { findings } from "./findings.ts";
import { compileKeys } from "./keys.ts";
import { compileModels } from "./models.ts";
import { compilePromises } from "./promises.ts";
import { compileProviders } from "./providers.ts";
import { revisionOf } from "./revision.ts";

export interface Compiled {
  /** Frozen, and plain enough for JSON to carry. */
  readonly program: Program;
  /** Warnings that need the catalog: what has no price, no output limit, no target that speaks the format. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a policy that loaded without errors: resolves its names, flattens its chains, binds prices and windows.
 *
 * Pure: the same policy, environment and catalog give the same Program and the same revision.
 */
export function compile(loaded: LoadedPolicy, catalog: Catalog): Compiled {
  const { policy } = loaded;
  const timezone = policy.timezone ?? "UTC";
  const providers = compileProviders(loaded, catalog);
  const models = compileModels(policy);
  const chains = compileChains(policy);
  const targets = writtenTargets(chains).map((id) => [id, bind(id)] as const);
  const content = {
    format: 1 as const,
    catalog: catalog.version,
    timezone,
    attributes: compileAttributes(policy.attributes ?? {}),
    keys: compileKeys(policy, timezone),
    providers,
    models,
    targets: Object.fromEntries(targets) as Readonly<Record<TargetId, TargetSpec>>,
    routes: policy.routes.map(compileRoute),
    chains,
    ceilings: compileCeilings(policy),
    promises: compilePromises(policy),
  };
  const program: Program = deepFreeze({ ...content, revision: revisionOf(content) });
  return { program, diagnostics: sortDiagnostics(findings(loaded, program, catalog)) };

  function bind(id: TargetId): TargetSpec {
    const parts = splitTarget(id);
    const provider = parts && providers[parts.provider];
    if (!parts || !provider) throw new TypeError(`unchecked target ${id}`);
    return modelFacts(catalog, models, provider, parts.model);
  }
}

function compileAttributes(
  written: Readonly<Record<string, Attribute>>,
): Record<string, AttributeSpec> {
  const compiled = Object.entries(written).map(([name, attribute]): [string, AttributeSpec] => {
    const rest = {
      ...(attribute.default !== undefined && { default: attribute.default }),
      ...(attribute.setBy === "key" && { setBy: "key" as const }),
    };
    if ("type" in attribute) return [name, { type: attribute.type, ...rest }];
    const type = typeof attribute.values[0] as AttributeSpec["type"];
    return [name, { type, values: [...attribute.values], ...rest }];
  });
  return Object.fromEntries(compiled);
}

function compileRoute(route: LoadedPolicy["policy"]["routes"][number]): RouteSpec {
  const when = compileMatch(route.match);
  return "use" in route
    ? { name: route.name, when, action: { kind: "use", chain: route.use } }
    : { name: route.name, when, action: { kind: "deny", reason: route.deny } };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
