import { describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { readBaseUrl } from "../../src/policy/check/base-url.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { load, policyText } from "./support.ts";

/** A policy whose provider `a` has this base URL. */
function withUrl(baseUrl: string): string {
  return policyText({
    providers: `{ a: { kind: openai-compatible, baseUrl: ${baseUrl} }, b: { kind: anthropic } }`,
  });
}

describe("base URLs", () => {
  it.for([
    { text: "https://models.example.com/v1/", url: "https://models.example.com/v1" },
    { text: "https://models.example.com", url: "https://models.example.com" },
    { text: "HTTPS://Models.Example.com:8443/a//", url: "https://models.example.com:8443/a" },
    { text: "http://localhost:4000", url: "http://localhost:4000" },
    { text: "http://ollama:11434/v1", url: "http://ollama:11434/v1" },
    { text: "http://10.1.2.3/", url: "http://10.1.2.3" },
    { text: "http://172.31.0.1", url: "http://172.31.0.1" },
    { text: "http://192.168.1.5:1234", url: "http://192.168.1.5:1234" },
    { text: "http://[::1]:8000/v1", url: "http://[::1]:8000/v1" },
    { text: "http://[fd00::1]/v1", url: "http://[fd00::1]/v1" },
    { text: "http://gpu.internal/v1", url: "http://gpu.internal/v1" },
  ])("takes $text", ({ text, url }) => {
    expect(readBaseUrl(text)).toEqual({ kind: "url", url, unencrypted: false });
  });

  it.for([
    "http://models.example.com",
    "http://8.8.8.8",
    "http://172.32.0.1",
    "http://[2001:db8::1]",
    "http://127.0.0.1.example.com",
  ])("finds %s unencrypted", (text) =>
    expect(readBaseUrl(text)).toMatchObject({ kind: "url", unencrypted: true }),
  );

  it.for([
    "models.example.com/v1",
    "ftp://models.example.com",
    "file:///etc/passwd",
    "https:models.example.com",
    "https:///models.example.com",
    "https://me:secret@models.example.com",
    "https://me@models.example.com",
    "https://@models.example.com",
    "https://models.example.com/v1?key=1",
    "https://models.example.com/#a",
    "https://models.example.com\\@evil.example",
    "https://models.example.com/a b",
    "https://models.example.com:99999",
    "https://$" + "{HOST}/v1",
    "https://models.example.com/$" + "{PATH}",
    "https://exa%6dple.com%00/",
    "",
  ])("refuses `%s`", (text) => expect(readBaseUrl(text)).toMatchObject({ kind: "refused" }));

  it.for([
    {
      name: "written out",
      url: '"https://x.example/v1/"',
      env: {},
      expected: "https://x.example/v1",
    },
    {
      name: "from the environment",
      url: "{ env: U }",
      env: { U: "https://y.example" },
      expected: "https://y.example",
    },
    {
      name: "the default where it is unset",
      url: '{ env: U, default: "https://z.example" }',
      env: {},
      expected: "https://z.example",
    },
    {
      name: "the default where it is empty",
      url: '{ env: U, default: "https://z.example" }',
      env: { U: "" },
      expected: "https://z.example",
    },
    {
      name: "the environment before the default",
      url: '{ env: U, default: "https://z.example" }',
      env: { U: "https://y.example" },
      expected: "https://y.example",
    },
  ])("resolves: $name", ({ url, env, expected }) => {
    const { policy, found } = load(withUrl(url), env);
    expect(found).toEqual([]);
    expect(policy?.baseUrls.get("a")).toBe(expected);
    expect(policy?.baseUrls.get("b")).toBe("https://api.anthropic.com/v1");
  });

  it.for([
    { name: "unset", url: "{ env: U }", env: {}, found: ["SB701 U"] },
    { name: "empty", url: "{ env: U }", env: { U: "" }, found: ["SB701 U"] },
    {
      name: "a prototype's member",
      url: "{ env: constructor }",
      env: {},
      found: ["SB701 constructor"],
    },
    { name: "malformed", url: "{ env: U }", env: { U: "y.example" }, found: ["SB703 U"] },
    { name: "malformed default", url: "{ env: U, default: z }", env: {}, found: ["SB703 z"] },
    { name: "unencrypted", url: "{ env: U }", env: { U: "http://y.example" }, found: ["SB704 U"] },
    { name: "missing", url: "null", env: {}, found: ["SB103 baseUrl"] },
  ])("points at what is wrong with an address: $name", ({ url, env, found }) => {
    expect(load(withUrl(url), env).found).toEqual(found);
  });

  it("never tells the value of a variable", () => {
    const { messages, help } = load(withUrl("{ env: U }"), { U: "https://me:hunter2@y.example" });
    expect([...messages, ...help].join(" ")).not.toMatch(/hunter2|y\.example/);
  });

  it("asks for an address where the kind has none", () => {
    const { baseUrl: _none, ...litellm } = kinds.litellm;
    const file = "p.yaml";
    const load = (provider: string) => {
      const text = policyText({ providers: `{ a: ${provider}, b: { kind: anthropic } }` });
      return loadPolicy(text, { file, env: {}, kinds: { ...kinds, litellm } }).diagnostics;
    };
    expect(load("{ kind: litellm }")).toMatchObject([
      { code: "SB102", message: "`baseUrl` is missing" },
    ]);
    expect(load('{ kind: litellm, baseUrl: "http://localhost:1" }')).toEqual([]);
  });
});

describe("secrets", () => {
  it("are not read, set or not", () => {
    const text = policyText({
      providers:
        "{ a: { kind: openai, apiKey: { env: NOT_SET } }, b: { kind: anthropic, apiKey: { file: /no/such/file } } }",
    });
    const env = new Proxy(
      {},
      { get: () => expect.unreachable(), getOwnPropertyDescriptor: () => expect.unreachable() },
    );
    expect(load(text, env).found).toEqual([]);
  });

  it("are found wherever they are written, and never told", () => {
    const key = `sk-proj-${"a1b2c3d4".repeat(4)}`;
    const text = policyText({ defaults: `{ params: { default: { metadata: { k: "${key}" } } } }` });
    const { found, messages, help } = load(text);
    expect(found).toEqual([`SB702 "${key}"`]);
    expect([...messages, ...help].join(" ")).not.toContain("a1b2");
  });

  it("are masked in findings about something else", () => {
    const key = `sk-proj-${"a1b2c3d4".repeat(4)}`;
    const { found, messages } = load(policyText({ timezone: key }));
    expect(found).toEqual([`SB104 ${key}`]);
    expect(messages.join(" ")).not.toContain("a1b2");
  });
});

describe("a loaded policy", () => {
  it("points back at its text, past a byte order mark", () => {
    const { policy } = load(`\uFEFF${policyText()}`);
    const span = policy?.placeOf(["chains", "main", 1]).span;
    const key = policy?.keyPlaceOf(["providers", "a"]).span;
    expect(policy?.text.slice(span?.start, span?.end)).toBe("b:y");
    expect(policy?.text.slice(key?.start, key?.end)).toBe("a");
  });

  it("holds maps that no name can reach out of", () => {
    const text = policyText({
      providers: "{ constructor: { kind: openai }, b: { kind: groq } }",
      chains: "{ main: [constructor:x, b:y] }",
    });
    const { policy, found } = load(text);
    expect(found).toEqual([]);
    expect(Object.keys(policy?.policy.providers ?? {})).toEqual(["constructor", "b"]);
    expect(policy?.policy.providers.toString).toBeUndefined();
  });
});
