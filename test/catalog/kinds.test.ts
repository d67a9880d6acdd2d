import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import type { KindSpec } from "../../src/catalog/catalog.ts";
import { kinds } from "../../src/catalog/kinds.ts";
import { foldedName, knownMembers } from "../../src/dialects/known-members.ts";
import { steeringMembers } from "../../src/dialects/steering.ts";
import { apis } from "../../src/terms/api.ts";

const all: readonly (readonly [string, KindSpec])[] = Object.entries(kinds);

describe("every kind", () => {
  it("has a file of its own and a row under its own name", () => {
    const folder = join(import.meta.dirname, "../../src/catalog/kinds");
    expect(readdirSync(folder).sort()).toEqual(all.map(([name]) => `${name}.ts`).sort());
    for (const [name, spec] of all) expect(spec.kind).toBe(name);
  });

  it.for(all)("%s names a source with a date", ([, spec]) => {
    expect(spec.source).toMatch(/\b20\d{2}(-\d{2}(-\d{2})?)?\b/);
  });

  it.for(all)("%s has well-formed addresses", ([, spec]) => {
    if (spec.baseUrl !== undefined) {
      const url = new URL(spec.baseUrl);
      expect(url.href.replace(/\/$/, "")).toBe(spec.baseUrl);
      expect(url.search + url.hash + url.username).toBe("");
      const isLocal = url.hostname === "localhost";
      expect(url.protocol).toBe(isLocal ? "http:" : "https:");
    }
    expect(Object.keys(spec.paths).length).toBeGreaterThan(0);
    for (const [api, path] of Object.entries(spec.paths)) {
      expect(apis).toContain(api);
      expect(path).toMatch(/^(\/[a-z]+)+$/);
    }
  });

  it.for(all)("%s asks for a key exactly where it names one", ([, spec]) => {
    expect(spec.keyEnv !== undefined).toBe(spec.needsKey);
    if (spec.keyEnv !== undefined) expect(spec.keyEnv).toMatch(/^[A-Z]+_API_KEY$/);
  });
});

describe("what a caller may not say to any kind", () => {
  it.for(all)("%s lets no caller pay for another service tier", ([, spec]) => {
    const tier = spec.steering.find((entry) => entry.member === "service_tier");
    expect(tier?.harmless).toContain("auto");
    for (const dear of ["priority", "fast", "flex", "scale", "performance"]) {
      expect(tier?.harmless).not.toContain(dear);
    }
  });

  it.for(all)("%s names no steering member twice, and none that every request has", ([, spec]) => {
    const members = spec.steering.map((entry) => entry.member);
    expect(new Set(members).size).toBe(members.length);
    for (const member of ["model", "messages", "input", "stream", "tools", "user", "metadata"]) {
      expect(members).not.toContain(member);
    }
  });

  it.for(all)("%s refuses nothing that a plain request of any model has", ([, spec]) => {
    for (const api of apis) {
      for (const model of ["gpt-4o", "o3", "gpt-5", "claude-opus-4-7", "anything"]) {
        const members = spec.refuses(api, model).map((refused) => refused.member);
        expect(members).not.toEqual(expect.arrayContaining(["messages"]));
        expect(members).not.toEqual(expect.arrayContaining(["tools"]));
        expect(members).not.toEqual(expect.arrayContaining(["max_tokens"]));
      }
    }
  });
});

describe("what the kinds are", () => {
  it("local ones cost nothing and need no key", () => {
    const free = all.filter(([, spec]) => spec.free).map(([name]) => name);
    expect(free).toEqual(["ollama", "lmstudio"]);
  });

  it("gateways and unknown servers forward", () => {
    const forwarding = all.filter(([, spec]) => spec.forwards).map(([name]) => name);
    expect(forwarding).toEqual(["openrouter", "litellm", "openai-compatible"]);
  });

  it("only servers that no list covers take any model", () => {
    const open = all.filter(([, spec]) => spec.takesAnyModel).map(([name]) => name);
    expect(open).toEqual(["litellm", "ollama", "lmstudio", "openai-compatible", "sandbox"]);
  });
});

describe("where the kinds are", () => {
  it.for([
    ["openai", "https://api.openai.com/v1/chat/completions"],
    ["groq", "https://api.groq.com/openai/v1/chat/completions"],
    ["together", "https://api.together.ai/v1/chat/completions"],
    ["openrouter", "https://openrouter.ai/api/v1/chat/completions"],
    ["deepinfra", "https://api.deepinfra.com/v1/openai/chat/completions"],
    ["litellm", "http://localhost:4000/chat/completions"],
    ["ollama", "http://localhost:11434/v1/chat/completions"],
    ["lmstudio", "http://localhost:1234/v1/chat/completions"],
  ])("%s answers chats at %s", ([name, url]) => {
    const spec = builtInCatalog.kinds[name ?? ""];
    expect(`${spec?.baseUrl}${spec?.paths.chat}`).toBe(url);
  });

  it("anthropic speaks messages, with its version and its own key header", () => {
    const anthropic: KindSpec = kinds.anthropic;
    expect(`${anthropic.baseUrl}${anthropic.paths.messages}`).toBe(
      "https://api.anthropic.com/v1/messages",
    );
    expect(anthropic.headers).toEqual({ "anthropic-version": "2023-06-01" });
    expect(anthropic.auth).toBe("x-api-key");
    expect(Object.keys(anthropic.paths)).toEqual(["messages"]);
  });
});

describe("steering", () => {
  it.for(["openai/gpt-4o@preset/anything", "@preset/x"])("`%s` steers by its name", (model) => {
    for (const name of ["openrouter", "openai-compatible"] as const) {
      expect(steeringMembers(kinds[name], {}, model)).toEqual(["@preset/"]);
    }
  });

  it("knows every member that it names, so that no spelling of it passes", () => {
    const members = all.flatMap(([, spec]) => spec.steering.map(({ member }) => member));
    const top = members.map((member) => member.split(".")[0] ?? member);
    expect(top.filter((member) => !knownMembers.has(member))).toEqual([]);
    expect([...knownMembers].filter((member) => member !== foldedName(member))).toEqual([]);
  });

  it.for([
    ["openrouter", ["models", "provider", "route", "plugins", "preset", "transforms", "best_of"]],
    [
      "litellm",
      [
        "metadata.tags",
        "litellm_metadata",
        "litellm_params",
        "specific_deployment",
        "langfuse_host",
        "best_of",
      ],
    ],
    ["litellm", ["fallbacks", "api_base", "base_url", "api_key", "mock_response", "model_list"]],
    ["openai-compatible", ["models", "provider", "fallbacks", "api_base", "api_key"]],
    ["openai", ["web_search_options"]],
    ["anthropic", ["speed", "fallbacks", "mcp_servers"]],
  ] as const)("a caller cannot steer %s by %s", ([name, members]) => {
    const steering = builtInCatalog.kinds[name]?.steering.map((entry) => entry.member);
    expect(steering).toEqual(expect.arrayContaining([...members]));
  });
});

describe("the limit of the output", () => {
  it.for([
    ["gpt-3.5-turbo", "max_tokens"],
    ["gpt-4", "max_tokens"],
    ["gpt-4.1-mini", "max_tokens"],
    ["gpt-4o-2024-08-06", "max_tokens"],
    ["ft:gpt-4o-mini-2024-07-18:org::id", "max_tokens"],
    ["o1-mini", "max_completion_tokens"],
    ["o3", "max_completion_tokens"],
    ["gpt-5", "max_completion_tokens"],
    ["gpt-5.6-sol", "max_completion_tokens"],
    ["gpt-6-luna", "max_completion_tokens"],
    ["whatever-comes-next", "max_completion_tokens"],
  ])("openai's %s takes %s", ([model, member]) => {
    expect(kinds.openai.chatOutputLimit(model ?? "")).toBe(member);
  });

  it.for([
    ["openai/gpt-5-mini", "max_completion_tokens"],
    ["gpt-6-luna", "max_completion_tokens"],
    ["azure/o4-mini", "max_completion_tokens"],
    ["openai/gpt-4o", "max_tokens"],
    ["openai/gpt-oss-120b", "max_tokens"],
    ["gpt-50x", "max_tokens"],
    ["moonshotai/kimi-k2", "max_tokens"],
  ])("of %s is %s behind a gateway", ([model, member]) => {
    for (const kind of ["openrouter", "litellm", "openai-compatible"] as const) {
      expect(kinds[kind].chatOutputLimit(model ?? "")).toBe(member);
    }
  });

  it("is max_tokens wherever OpenAI's models are not served", () => {
    for (const [, spec] of all.filter(([, { kind, forwards }]) => kind !== "openai" && !forwards)) {
      expect(spec.chatOutputLimit("gpt-5")).toBe("max_tokens");
    }
  });
});

describe("refused members", () => {
  it.for([
    ["openai", "chat", "o3", "temperature", true],
    ["openai", "chat", "o3", "stop", true],
    ["openai", "chat", "o3-2025-04-16", "stop", true],
    ["openai", "chat", "o3-mini", "stop", false],
    ["openai", "chat", "o3-mini-2025-01-31", "stop", false],
    ["openai", "chat", "o4-mini-2025-04-16", "top_p", true],
    ["openai", "chat", "gpt-5-mini", "temperature", true],
    ["openai", "chat", "gpt-5-2025-08-07", "temperature", true],
    ["openai", "chat", "gpt-5-mini", "stop", false],
    ["openai", "chat", "gpt-5-chat-latest", "temperature", false],
    ["openai", "chat", "gpt-5.1", "temperature", false],
    ["openai", "chat", "gpt-4o", "temperature", false],
    ["openai", "embeddings", "o3", "temperature", false],
    ["anthropic", "messages", "claude-opus-4-7", "temperature", true],
    ["anthropic", "messages", "claude-opus-4-6", "temperature", false],
    ["anthropic", "messages", "claude-sonnet-4-5", "temperature", false],
    ["groq", "chat", "llama-3.3-70b-versatile", "logprobs", true],
    ["groq", "chat", "llama-3.3-70b-versatile", "n", true],
    ["groq", "chat", "llama-3.3-70b-versatile", "temperature", false],
    ["ollama", "chat", "llama3.1:8b", "logprobs", false],
  ] as const)("%s, %s, %s: refusing %s is %s", ([kind, api, model, member, refused]) => {
    const members = kinds[kind].refuses(api, model).map((entry) => entry.member);
    expect(members.includes(member)).toBe(refused);
  });

  it("groq takes n: 1, as 54 recorded exchanges show", () => {
    const n = kinds.groq.refuses("chat", "any").find((entry) => entry.member === "n");
    expect(n?.takes).toContain(1);
  });

  it("dropping a sampling setting is no change of meaning, dropping scores is", () => {
    const refused = new Map(
      kinds.openai.refuses("chat", "gpt-5").map((entry) => [entry.member, entry.meaning]),
    );
    expect(refused.get("temperature")).toBe(false);
    expect(refused.get("logprobs")).toBe(true);
  });
});
