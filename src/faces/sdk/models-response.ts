import type { JsonObject } from "../../terms/json.ts";
import type { ListedModel } from "./models-list.ts";

/** The formats that a list of models is asked for in: the caller's SDK is told by its headers. */
export type ModelsFormat = "openai" | "anthropic";

/** When nobody knows when a model was made. */
const unknownDate = "1970-01-01T00:00:00Z";

/** Answers `GET …/models`. */
export function modelsBody(models: readonly ListedModel[], format: ModelsFormat): JsonObject {
  const data = models.map((model) => modelBody(model, format));
  if (format === "openai") return { object: "list", data };
  const ids = models.map(({ id }) => id);
  return { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null };
}

/** Answers `GET …/models/{id}`. */
export function modelBody({ id, ownedBy }: ListedModel, format: ModelsFormat): JsonObject {
  return format === "openai"
    ? { id, object: "model", created: 0, owned_by: ownedBy }
    : { type: "model", id, display_name: id, created_at: unknownDate };
}
