import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import type { Path } from "../loaded-policy.ts";
import type { Provider } from "../policy.generated.ts";
import { readBaseUrl } from "./base-url.ts";
import { atKey, atValue, named, type Subject } from "./subject.ts";

/** Finds base URLs that are missing, not set in the environment, malformed, or unencrypted on a public network. */
export function* checkBaseUrls(subject: Subject): Generator<Diagnostic> {
  for (const [name, provider] of Object.entries(subject.policy.providers)) {
    if (provider.kind === "sandbox") continue;
    const source = sourceOf(subject, name, provider);
    switch (source.kind) {
      case "kind":
        break;
      case "missing":
        yield atKey(subject, ["providers", name], ["SB102", "`baseUrl` is missing"]);
        break;
      case "unset":
        yield unset(subject, source);
        break;
      case "text":
        yield* checkText(subject, source);
    }
  }
}

/** Base URLs by provider, of a policy in which {@link checkBaseUrls} found no error. */
export function baseUrlsOf(subject: Subject): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const [name, provider] of Object.entries(subject.policy.providers)) {
    const source = sourceOf(subject, name, provider);
    const text = source.kind === "text" || source.kind === "kind" ? source.text : undefined;
    const read = text === undefined ? undefined : readBaseUrl(text);
    if (read?.kind === "url") urls.set(name, read.url);
  }
  return urls;
}

type Source =
  | { readonly kind: "text"; readonly text: string; readonly path: Path; readonly env?: string }
  | { readonly kind: "kind"; readonly text: string | undefined }
  | { readonly kind: "unset"; readonly env: string; readonly path: Path }
  | { readonly kind: "missing" };

function sourceOf({ env, kinds }: Subject, name: string, provider: Provider): Source {
  if (provider.kind === "sandbox") return { kind: "kind", text: undefined };
  const { baseUrl } = provider;
  const path = ["providers", name, "baseUrl"];
  if (typeof baseUrl === "string") return { kind: "text", text: baseUrl, path };
  if (baseUrl === undefined) {
    const kind = named(kinds, provider.kind);
    if (kind && kind.baseUrl === undefined) return { kind: "missing" };
    return { kind: "kind", text: kind?.baseUrl };
  }
  const variable = baseUrl.env;
  const set = Object.hasOwn(env, variable) ? env[variable] : undefined;
  if (set !== undefined && set !== "")
    return { kind: "text", text: set, path: [...path, "env"], env: variable };
  if (baseUrl.default === undefined)
    return { kind: "unset", env: variable, path: [...path, "env"] };
  return { kind: "text", text: baseUrl.default, path: [...path, "default"] };
}

function unset(subject: Subject, { env, path }: Extract<Source, { kind: "unset" }>): Diagnostic {
  const message = `the environment variable ${quote(env)} is not set`;
  return atValue(subject, path, ["SB701", message], {
    help: "set it, or give a `default` beside it",
  });
}

function* checkText(
  subject: Subject,
  source: Extract<Source, { kind: "text" }>,
): Generator<Diagnostic> {
  const read = readBaseUrl(source.text);
  const found = source.env === undefined ? "" : `; found another value in ${quote(source.env)}`;
  if (read.kind === "refused") {
    const help = source.text.includes("$".concat("{"))
      ? "nothing is filled in: write `{ env: NAME }` for a whole URL in the environment"
      : undefined;
    yield atValue(subject, source.path, ["SB703", read.why + found], { help });
  } else if (read.unencrypted) {
    const message = "calls would travel unencrypted to a public host";
    yield atValue(subject, source.path, ["SB704", message], { help: "use `https://`" });
  }
}
