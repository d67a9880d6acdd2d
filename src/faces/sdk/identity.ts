import type { RequestFacts } from "../../dialects/dialect.ts";
import type { AttributeValue, ResolveRequest } from "../../terms/facts.ts";
import type { Program } from "../../terms/program.ts";

/** Who calls and what they say about the call; the part of a request that is not in its body's own format. */
export type Identity = Pick<ResolveRequest, "project" | "user" | "key" | "attributes">;

const prefix = "x-signalbox-";

/**
 * Reads identity from what the caller says: the headers `x-signalbox-project`, `-user`, `-key` and `-<attribute>`, then
 * the body's `metadata` (project, user and declared attributes by their names) and its user.
 *
 * A header that names no attribute of the policy is kept, so that it is refused and not ignored; other metadata is the
 * provider's business. Texts become numbers and booleans where the policy declares those.
 */
export function readIdentity(program: Program, headers: Headers, request: RequestFacts): Identity {
  const said = headerWords(headers);
  const { metadata } = request;
  const word = (name: string) => said.get(name) ?? own(metadata, name);
  const attributes: Record<string, AttributeValue> = Object.create(null);
  for (const name of Object.keys(program.attributes)) {
    const text = word(name);
    if (text !== undefined) attributes[name] = typed(program, name, text);
  }
  for (const [name, text] of said) {
    if (!(name in attributes) && !identities.has(name)) attributes[name] = text;
  }
  const project = word("project");
  const user = word("user") ?? request.user;
  const key = said.get("key");
  return {
    ...(project !== undefined && { project }),
    ...(user !== undefined && { user }),
    ...(key !== undefined && { key }),
    attributes,
  };
}

const identities: ReadonlySet<string> = new Set(["project", "user", "key"]);

function headerWords(headers: Headers): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) words.set(name.slice(prefix.length), value);
  }
  return words;
}

function own(metadata: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}

/** A text as the type that the policy declares; one that cannot be read as it stays a text, and is refused later. */
function typed(program: Program, name: string, text: string): AttributeValue {
  switch (program.attributes[name]?.type) {
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" || (text === "false" ? false : text);
    default:
      return text;
  }
}
