import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { KindSpec } from "../../src/catalog/catalog.ts";
import { kinds as everyKind } from "../../src/catalog/kinds.ts";
import { readCredentials } from "../../src/providers/credentials.ts";
import { Secret, scrubber } from "../../src/providers/secret.ts";
import type { Program, ProviderSpec } from "../../src/terms/program.ts";
import { providerSpec } from "./support/calls.ts";

const canary = "sk-canary/0123456789+abcdef";
const kinds: Readonly<Record<string, KindSpec>> = everyKind;

function program(providers: readonly ProviderSpec[], reached: readonly string[]): Program {
  const settings = {
    timeouts: { connectMs: 1, headersMs: 1, firstOutputMs: 1, answerMs: 1, idleMs: 1 },
    retry: { name: "none", maxRetries: 0, minDelayMs: 0, maxDelayMs: 0, retryBudgetPpm: 0 },
    params: { default: {}, force: {} },
  };
  const steps = reached.map((name) => ({
    kind: "target" as const,
    entry: { target: `${name}:m` as const, settings },
  }));
  const chain = {
    name: "c",
    maxAttempts: 1,
    totalMs: 1,
    on: [],
    unsupported: "skip" as const,
    steps,
  };
  return {
    format: 1,
    revision: "r",
    catalog: "c",
    timezone: "UTC",
    attributes: {},
    keys: {},
    providers: Object.fromEntries(providers.map((spec) => [spec.name, spec])),
    models: [],
    targets: {},
    routes: [],
    chains: { c: chain },
    ceilings: [],
    promises: [],
  };
}

const fromEnv = (more: Partial<ProviderSpec> = {}) =>
  providerSpec("cloud", "openai", {
    baseUrl: "https://a.example/v1",
    apiKey: { env: "KEY" },
    ...more,
  });

function read(
  spec: ProviderSpec,
  env: Readonly<Record<string, string | undefined>> = {},
  files: Readonly<Record<string, string>> = {},
  reached: readonly string[] = ["cloud"],
) {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new TypeError("no file"), { code: "ENOENT" });
    return text;
  };
  return readCredentials(program([spec], reached), kinds, { env, readFile });
}

describe("reading keys", () => {
  it("takes a key from the environment, for the provider's own base URL and no other", () => {
    const { credentials, problems } = read(fromEnv(), { KEY: canary });
    expect(problems).toEqual([]);
    expect(credentials.has("cloud")).toBe(true);
    expect(credentials.secretFor(fromEnv())?.reveal()).toBe(canary);
    expect(credentials.secretFor(fromEnv({ baseUrl: "https://b.example/v1" }))).toBeUndefined();
    expect(credentials.secretFor(fromEnv({ name: "other" }))).toBeUndefined();
  });

  it.for([`${canary}\n`, `${canary}\r\n`, canary])(
    "takes a key from a file, line end or not: %j",
    (text) => {
      const spec = fromEnv({ apiKey: { file: "/run/key" } });
      const { credentials, problems } = read(spec, {}, { "/run/key": text });
      expect(problems).toEqual([]);
      expect(credentials.secretFor(spec)?.reveal()).toBe(canary);
    },
  );

  it("takes the placeholder of the policy where the variable is not set", () => {
    const spec = fromEnv({ apiKey: { env: "KEY", default: "none" } });
    expect(read(spec).credentials.secretFor(spec)?.reveal()).toBe("none");
  });

  it.for([
    ["is not set", undefined],
    ["is empty", ""],
    ["is empty", "  \n"],
    ["holds white space, a line end", ` ${canary}`],
    ["holds white space, a line end", `${canary}\nx-other: 1`],
    ["holds white space, a line end", `${canary}ä`],
    ["holds white space, a line end", `\uFEFF${canary}`],
  ] as const)("refuses a variable that %s: %j", ([said, value]) => {
    const { credentials, problems } = read(fromEnv(), { KEY: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      provider: "cloud",
      message: expect.stringContaining(said),
    });
    expect(JSON.stringify(problems)).not.toContain("canary");
    expect(credentials.has("cloud")).toBe(false);
    expect(credentials.secretFor(fromEnv())).toBeUndefined();
  });

  it("says why a file cannot be read", () => {
    const { problems } = read(fromEnv({ apiKey: { file: "/run/key" } }));
    expect(problems[0]?.message).toBe(
      "provider `cloud` has its key in the file `/run/key`, which cannot be read (ENOENT)",
    );
  });

  it("reads no variable that is only inherited", () => {
    expect(read(fromEnv({ apiKey: { env: "toString" } })).problems).toHaveLength(1);
  });

  it("lets an optional provider be without", () => {
    const { credentials, problems } = read(fromEnv({ optional: true }));
    expect(problems).toEqual([]);
    expect(credentials.has("cloud")).toBe(false);
  });

  it("lets a provider be without that no chain leads to", () => {
    const { credentials, problems } = read(fromEnv(), {}, {}, []);
    expect(problems).toEqual([]);
    expect(credentials.has("cloud")).toBe(false);
  });

  it.for(["ollama", "sandbox"])("asks no key of the kind %s", (kind) => {
    const { credentials, problems } = read(providerSpec("cloud", kind));
    expect(problems).toEqual([]);
    expect(credentials.has("cloud")).toBe(true);
  });

  it("asks for a key that the policy names, also where the kind needs none", () => {
    expect(
      read(providerSpec("cloud", "litellm", { apiKey: { env: "KEY" } })).problems,
    ).toHaveLength(1);
  });

  it("asks for a key where the kind needs one and the program names none", () => {
    expect(read(providerSpec("cloud", "openai")).problems[0]?.message).toBe(
      "provider `cloud` has no key",
    );
  });
});

describe("a secret", () => {
  it("shows in no way of printing it", () => {
    const secret = new Secret(canary);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
      Object.keys(secret).join(),
      structuredCloneText(secret),
    ];
    expect(shown.join(" ")).not.toContain("canary");
    expect(String(secret)).toBe("[secret]");
  });

  it("is blotted out of texts, also where it is escaped or encoded, and short placeholders are not", () => {
    const scrub = scrubber([new Secret(canary), new Secret("ollama")]);
    const text = `${canary} ${encodeURIComponent(canary)} ${btoa(canary)} ollama`;
    expect(scrub(text)).toBe("[secret] [secret] [secret] ollama");
  });
});

function structuredCloneText(value: unknown): string {
  return JSON.stringify(structuredClone(value));
}
