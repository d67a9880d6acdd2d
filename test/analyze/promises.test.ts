import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze/analyze.ts";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { registerExplain } from "../../src/faces/cli/explain.ts";
import { runCli } from "../../src/faces/cli/run-cli.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import { recordedIo } from "../support/cli-io.ts";

const base = `version: 1
providers:
  near: { kind: sandbox, labels: { hosting: self } }
  far:  { kind: sandbox, labels: { hosting: cloud } }
  chats: { kind: sandbox, api: [chat], labels: { hosting: cloud } }
  proxy: { kind: litellm, labels: { hosting: self } }
models:
  "near:*": { price: { input: $0, output: $0 } }
  "far:*": { price: { input: $1, output: $10 }, window: 100k, maxOutput: 8k }
  "far:blind": { can: [tools] }
attributes: { data: { values: [public, private], default: public } }
`;

interface Explained {
  readonly plan?: readonly { readonly target: string }[];
  readonly kind: "route" | "deny";
}

/** Everything found in a policy, by code and message, with the calls of \`explain\` that the help texts name. */
function found(rest: string) {
  const file = "policy.yaml";
  const text = base + rest;
  const { policy, diagnostics } = loadPolicy(text, { file, env: {}, kinds: builtInCatalog.kinds });
  if (!policy) throw new TypeError(diagnostics.map(({ message }) => message).join("; "));
  const findings = analyze(policy, compile(policy, builtInCatalog).program, builtInCatalog);
  const calls = findings.flatMap(({ help }) => help?.match(/signalbox (explain .*)`$/)?.[1] ?? []);
  return { text, codes: findings.map(({ code }) => code), findings, calls };
}

/** Runs a call as a shell would, its words in single quotes or plain. */
async function explained(text: string, call: string): Promise<Explained> {
  const words = [...call.matchAll(/'([^']*)'|[^\s']+/g)].map(([word, quoted]) => quoted ?? word);
  const io = recordedIo({ "policy.yaml": text });
  const program = new Command("signalbox");
  registerExplain(program, io);
  await runCli(program, [...words, "--format", "json"], io);
  expect(io.written.err).toBe("");
  return JSON.parse(io.written.out) as Explained;
}

const privateHome = `assert: [{ promise: home, given: { data: private }, only: { labels: { hosting: self } } }]\n`;

const broken = [
  {
    name: "a fallback leaves home once the first breaker opens",
    policy: `routes: [{ name: all, use: main }]
chains: { main: ["near:m", "far:m"] }
${privateHome}`,
    shows: "far:m",
  },
  {
    name: "a member of a group leaves home",
    policy: `routes: [{ name: all, use: main }]
chains: { main: [{ pick: weighted, from: ["near:m", "far:m"] }] }
${privateHome}`,
    shows: "far:m",
  },
  {
    name: "the caller names a target elsewhere",
    policy: `routes: [{ name: all, use: main }]
chains: { main: [{ requested: ["near:*", "far:*"] }, "near:m"] }
${privateHome}`,
    shows: "far:",
  },
  {
    name: "a ceiling that is reached adds a chain elsewhere",
    policy: `routes: [{ name: all, use: main }]
chains: { main: ["far:large"], other: { maxOutputTokens: 10, steps: ["far:small"] } }
ceilings: [{ name: day, limit: $5, per: day, exceeded: { use: other } }]
assert: [{ promise: nothing small, never: { target: "far:small" } }]
`,
    shows: "far:small",
  },
];

describe("broken promises", () => {
  it.for(broken)("$name", async ({ policy, shows }) => {
    const { text, codes, calls } = found(policy);
    expect(codes).toContain("SB401");
    const [call = ""] = calls;
    const { plan = [] } = await explained(text, call);
    expect(plan[0]?.target.startsWith(shows), call).toBe(true);
  });

  it("shows a request that no target can serve", async () => {
    const { text, codes, calls } = found(`routes: [{ name: all, use: main }]
chains: { main: ["chats:m"] }
assert: [{ promise: answered, answerable: true }]
`);
    expect(codes).toEqual(["SB403"]);
    expect((await explained(text, calls[0] ?? "")).kind).toBe("deny");
  });

  it("shows a request that costs more than promised", async () => {
    const { text, codes, calls } = found(`routes: [{ name: all, use: main }]
chains: { main: { maxOutputTokens: 1k, steps: ["far:m"] } }
assert: [{ promise: cheap, maxCost: $0.01 }]
`);
    expect(codes).toEqual(["SB404"]);
    expect((await explained(text, calls[0] ?? "")).plan).toHaveLength(1);
  });
});

const kept = [
  {
    name: "a target that never speaks the format",
    policy: `routes: [{ name: all, match: { api: messages }, use: main }, { name: rest, use: near }]
chains: { main: ["near:m", "chats:m"], near: ["near:m"] }
assert: [{ promise: home, only: { labels: { hosting: self } } }]
`,
    codes: ["SB506"],
  },
  {
    name: "a target without a price under a hard ceiling",
    policy: `routes: [{ name: all, use: main }]
chains: { main: ["near:m", "chats:m"] }
ceilings: [{ name: day, limit: $5, per: day }]
assert: [{ promise: home, only: { labels: { hosting: self } } }]
`,
    codes: [],
  },
  {
    name: "a chain behind a ceiling that has nothing to refuse",
    policy: `routes: [{ name: all, use: main }]
chains: { main: ["near:m"], other: ["far:m"] }
ceilings: [{ name: day, limit: $5, per: day, exceeded: { use: other } }]
defaults: { maxOutputTokens: 1k }
assert: [{ promise: home, only: { labels: { hosting: self } } }]
`,
    codes: [],
  },
  {
    name: "a limit that a ceiling on each request keeps",
    policy: `routes: [{ name: all, use: main }]
chains: { main: { maxOutputTokens: 1k, steps: ["far:m"] } }
ceilings: [{ name: one, limit: $0.01, per: request }]
assert: [{ promise: cheap, maxCost: $0.01 }]
`,
    codes: [],
  },
  {
    name: "a limit that only many answers at once would break",
    policy: `routes: [{ name: all, use: main }]
chains: { main: { maxOutputTokens: 1k, steps: ["far:m"] } }
assert: [{ promise: cheap, given: { api: chat }, maxCost: $1 }]
`,
    codes: ["SB407"],
  },
  {
    name: "labels of a proxy that nobody vouches for",
    policy: `routes: [{ name: all, use: main }]
chains: { main: ["proxy:m", "near:m"] }
assert: [{ promise: home, only: { labels: { hosting: self } } }]
`,
    codes: ["SB406"],
  },
];

describe("promises that are kept", () => {
  it.for(kept)("$name", ({ policy, codes }) => {
    expect(found(policy).codes).toEqual(codes);
  });
});
