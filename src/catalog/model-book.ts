import type { ModelFacts } from "./catalog.ts";
import { sameModelNames } from "./model-name.ts";
import seeded from "./models.data.json" with { type: "json" };
import { anthropicModels } from "./reviewed/anthropic.ts";
import { deepinfraModels, groqModels, togetherModels } from "./reviewed/hosted.ts";
import { lmstudioModels, ollamaModels } from "./reviewed/local.ts";
import { openaiModels } from "./reviewed/openai.ts";
import type { ReviewedGroup } from "./reviewed/reviewed-group.ts";

/** Date of the model data: the day its reviewed part was last gone over. */
export const modelBookVersion = "2026-11-22";

/**
 * Looks up a model by its exact name, then without a release date or `-latest`; a local one then by its family, the
 * name before the tag (`llama3.1:8b` is `llama3.1`). A name that only begins alike is another model.
 */
export function lookUpModel(kind: string, model: string): ModelFacts | undefined {
  const models = books.get(kind);
  for (const name of [...sameModelNames(model), ...families(kind, model)]) {
    const facts = models?.get(name);
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** Names of the models of a kind that something is known of. */
export function listedModels(kind: string): readonly string[] {
  return [...(books.get(kind)?.keys() ?? [])];
}

const reviewed: Readonly<Record<string, readonly ReviewedGroup[]>> = {
  openai: openaiModels,
  anthropic: anthropicModels,
  groq: groqModels,
  together: togetherModels,
  openrouter: [],
  deepinfra: deepinfraModels,
  ollama: ollamaModels,
  lmstudio: lmstudioModels,
};

const lists: Readonly<Record<string, Readonly<Record<string, Omit<ModelFacts, "source">>>>> =
  seeded.models;

const books: ReadonlyMap<string, ReadonlyMap<string, ModelFacts>> = new Map(
  Object.entries(reviewed).map(([kind, groups]) => [kind, merge(kind, groups)]),
);

/** A reviewed property goes before the seeded one of the same name; abilities are merged one by one. */
function merge(kind: string, groups: readonly ReviewedGroup[]): ReadonlyMap<string, ModelFacts> {
  const merged = new Map<string, ModelFacts>();
  for (const [name, facts] of Object.entries(lists[kind] ?? {})) {
    merged.set(name, { ...facts, source: seeded.source });
  }
  for (const { source, models } of groups) {
    for (const [name, facts] of Object.entries(models)) {
      const below = merged.get(name);
      merged.set(name, {
        ...below,
        ...facts,
        can: { ...below?.can, ...facts.can },
        source: below ? `${below.source}; ${source}` : source,
      });
    }
  }
  return merged;
}

function families(kind: string, model: string): readonly string[] {
  const tag = model.indexOf(":");
  return (kind === "ollama" || kind === "lmstudio") && tag > 0 ? [model.slice(0, tag)] : [];
}
