import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { readFacts } from "../../src/resolve/facts.ts";
import { fixedView, type Given } from "../../src/resolve/fixed-view.ts";
import { link } from "../../src/resolve/link.ts";
import { resolve } from "../../src/resolve/resolve.ts";
import type { Decision } from "../../src/terms/decision.ts";
import type { ResolveRequest } from "../../src/terms/facts.ts";
import { programOf } from "../support/random-program.ts";

const providers = {
  near: { kind: "sandbox", labels: { hosting: "self" } },
  far: { kind: "sandbox" },
  odd: { kind: "sandbox", api: ["messages"] },
  openai: { kind: "openai" },
  ollama: { kind: "ollama" },
};

const models = {
  "near:*": { price: { input: "$0", output: "$0" } },
  "far:dear": {
    price: { input: "$10", output: "$40" },
    window: "8k",
    maxOutput: 1000,
    can: ["tools"],
  },
  "far:cheap": { price: { input: "$1", output: "$4" }, window: "100k", maxOutput: 1000 },
};

/** Decides requests under a policy of the providers above. */
function decider(policy: object): (request?: ResolveRequest, given?: Given) => Decision {
  const routes = [{ name: "all", use: "main" }];
  const program = programOf({ version: 1, providers, models, routes, ...policy });
  const linked = link(program, builtInCatalog);
  return (request = {}, given = {}) => {
    const outcome = readFacts(program, request);
    if (outcome.kind === "problem") throw new TypeError(outcome.problems.join("; "));
    return resolve(linked, outcome.facts, fixedView(given));
  };
}

/** Decides one request. */
function decide(policy: object, request?: ResolveRequest, given?: Given): Decision {
  return decider(policy)(request, given);
}

/** The decision in short: planned targets, then skipped ones with their reasons, or the denial. */
function inShort(decision: Decision): readonly string[] {
  const skipped = decision.skipped.map(({ target, because }) => `-${target} ${because}`);
  if (decision.kind === "deny") return [`deny ${decision.because}`, ...skipped];
  return [
    ...decision.plan.map(({ target, after }) =>
      after ? `${target} after ${after.join(" or ")}` : target,
    ),
    ...skipped,
  ];
}

const main = (...steps: readonly unknown[]) => ({ chains: { main: steps } });

describe("resolve", () => {
  it.for<{
    name: string;
    policy: object;
    request?: ResolveRequest;
    given?: Given;
    is: readonly string[];
  }>([
    {
      name: "tries targets in the order written",
      policy: main("far:dear", "near:a"),
      is: ["far:dear", "near:a"],
    },
    {
      name: "denies with the policy's reason",
      policy: {
        ...main("near:a"),
        routes: [
          { name: "no", match: { model: "x" }, deny: "not x" },
          { name: "all", use: "main" },
        ],
      },
      request: { model: "x" },
      is: ["deny policy"],
    },
    {
      name: "denies what no route matches",
      policy: { ...main("near:a"), routes: [{ name: "some", match: { model: "x" }, use: "main" }] },
      is: ["deny no_route"],
    },
    {
      name: "skips an open breaker and a hold, and keeps half-open",
      policy: main("far:dear", "far:cheap", "near:a"),
      given: {
        breakers: { "far:dear": "open", "near:a": "half-open" },
        holds: { "far:cheap": "rate_limit" },
      },
      is: ["near:a", "-far:dear breaker_open", "-far:cheap hold"],
    },
    {
      name: "denies by the last skip where every target is skipped",
      policy: main("far:dear", "near:a"),
      given: { breakers: { "far:dear": "open" }, holds: { "near:a": "auth" } },
      is: ["deny hold", "-far:dear breaker_open", "-near:a hold"],
    },
    {
      name: "skips a target that does not speak the format",
      policy: main("odd:m", "near:a"),
      request: { api: "chat" },
      is: ["near:a", "-odd:m unsupported"],
    },
    {
      name: "skips a model known to lack an ability, and tries one nobody knows",
      policy: main("far:dear", "far:cheap"),
      request: { needs: ["vision"] },
      is: ["far:cheap", "-far:dear unsupported"],
    },
    {
      name: "skips a window that is too small",
      policy: main("far:dear", "far:cheap"),
      request: { inputTokens: 8001 },
      is: ["far:cheap", "-far:dear context_length"],
    },
    {
      name: "skips a provider without its key",
      policy: main("far:dear", "near:a"),
      given: { withoutCredential: ["far"] },
      is: ["near:a", "-far:dear no_credential"],
    },
    {
      name: "keeps a request that rests on a provider's state there",
      policy: main("far:dear", "near:a", "far:cheap"),
      request: { needs: ["state"] },
      is: ["far:dear", "far:cheap", "-near:a unsupported"],
    },
    {
      name: "leaves out a target met again, also from another chain",
      policy: {
        chains: {
          main: ["near:a", { chain: "more" }, "near:b"],
          more: ["far:dear", "near:a", "near:b"],
        },
      },
      is: ["near:a", "far:dear", "near:b"],
    },
    {
      name: "an unknown price under a hard ceiling shuts a target out",
      policy: {
        ...main("far:unpriced", "near:a"),
        ceilings: [{ name: "c", limit: "$1", per: "day" }],
      },
      is: ["near:a", "-far:unpriced unpriced"],
    },
    {
      name: "an unknown price under a soft ceiling does not",
      policy: {
        ...main("far:unpriced"),
        ceilings: [{ name: "c", limit: "$1", per: "day", exceeded: "warn" }],
      },
      is: ["far:unpriced"],
    },
    {
      name: "a ceiling on other targets does not count",
      policy: {
        ...main("far:unpriced"),
        ceilings: [{ name: "c", limit: "$0", per: "day", target: "near:*" }],
      },
      is: ["far:unpriced"],
    },
    {
      name: "a full ceiling refuses what costs, and lets through what costs nothing",
      policy: {
        ...main("far:dear", "near:a"),
        ceilings: [{ name: "c", limit: "$0.05", per: "day" }],
      },
      request: { inputTokens: 100 },
      given: { spend: { c: 49_000_000 } },
      is: ["near:a", "-far:dear ceiling"],
    },
    {
      name: "`use` stands at the end, and waits for its ceiling to refuse",
      policy: {
        chains: { main: ["far:dear"], spare: ["near:a", "far:dear"] },
        ceilings: [{ name: "c", limit: "$1", per: "day", exceeded: { use: "spare" } }],
      },
      is: ["far:dear", "near:a after c"],
    },
    {
      name: "`use` is all that is left where its ceiling refuses at once",
      policy: {
        chains: { main: ["far:dear"], spare: ["near:a"] },
        ceilings: [{ name: "c", limit: "$0", per: "day", exceeded: { use: "spare" } }],
      },
      is: ["near:a after c", "-far:dear ceiling"],
    },
    {
      name: "`use` does not help where something else stands in the way",
      policy: {
        chains: { main: ["far:dear"], spare: ["near:a"] },
        ceilings: [{ name: "c", limit: "$9", per: "day", exceeded: { use: "spare" } }],
      },
      given: { breakers: { "far:dear": "open" } },
      is: ["deny breaker_open", "-far:dear breaker_open"],
    },
    {
      name: "a chain that two ceilings add is opened by either",
      policy: {
        chains: { main: ["far:dear"], spare: ["near:a"] },
        ceilings: [
          { name: "month", limit: "$9", per: "month", exceeded: { use: "spare" } },
          { name: "day", limit: "$0", per: "day", exceeded: { use: "spare" } },
        ],
      },
      is: ["near:a after month or day", "-far:dear ceiling"],
    },
    {
      name: "the window of an embeddings model is no bound for many texts",
      policy: main("far:dear"),
      request: { api: "embeddings", inputTokens: 9000 },
      is: ["far:dear"],
    },
    {
      name: "cheapest goes by the worst case of this request, unpriced last",
      policy: main({ pick: "cheapest", from: ["far:unpriced", "far:dear", "far:cheap", "near:a"] }),
      request: { inputTokens: 10 },
      is: ["near:a", "far:cheap", "far:dear", "far:unpriced"],
    },
    {
      name: "fastest goes by the median, unmeasured first, ties as written",
      policy: main({ pick: "fastest", from: ["far:dear", "far:cheap", "near:a", "near:b"] }),
      given: { firstOutputMs: { "far:dear": 90, "far:cheap": 20 } },
      is: ["near:a", "near:b", "far:cheap", "far:dear"],
    },
  ])("$name", ({ policy, request, given, is }) => {
    expect(inShort(decide(policy, request, given))).toEqual(is);
  });

  it.for<{ model?: string; requested: readonly string[]; is: readonly string[] }>([
    {
      model: "openai:gpt-4o",
      requested: ["ollama:*", "openai:gpt-*"],
      is: ["openai:gpt-4o", "near:a"],
    },
    { model: "openai:o3", requested: ["openai:gpt-*"], is: ["near:a"] },
    { model: "gpt-4o", requested: ["openai:*", "ollama:*"], is: ["openai:gpt-4o", "near:a"] },
    {
      model: "qwen2.5:72b",
      requested: ["openai:*", "ollama:*"],
      is: ["ollama:qwen2.5:72b", "near:a"],
    },
    {
      model: "ollama:qwen2.5:72b",
      requested: ["openai:*", "ollama:*"],
      is: ["ollama:qwen2.5:72b", "near:a"],
    },
    { model: "nobody-serves-this", requested: ["openai:*"], is: ["near:a"] },
    { model: "near:a", requested: ["near:*"], is: ["near:a"] },
    { requested: ["openai:*", "ollama:*"], is: ["near:a"] },
  ])("`$model` under requested $requested goes to $is", ({ model, requested, is }) => {
    const decision = decide(main({ requested }, "near:a"), model === undefined ? {} : { model });
    expect(inShort(decision)).toEqual(is);
  });

  it("computes the worst case from the input bound, the clamp and the number of answers", () => {
    const chains = { main: { maxOutputTokens: 500, steps: ["far:cheap"] } };
    const decision = decide({ chains }, { inputTokens: 1000, outputTokens: 900, answers: 2 });
    // 4,000 input tokens at $1 and 2 × 500 output tokens at $4 a million
    expect(decision).toMatchObject({ plan: [{ worstCost: 8_000_000, maxOutputTokens: 500 }] });
  });

  it.for([
    {
      name: "the answers they ask for",
      params: { force: { n: 3 } },
      worstCost: 1500 * 4_000 + 50 * 1_000,
    },
    {
      name: "the text they add",
      params: { default: { system: "x".repeat(100) } },
      worstCost: undefined,
    },
  ])("counts what the policy's own params add: $name", ({ params, worstCost }) => {
    const step = { target: "far:cheap", params };
    const plain = decide({ chains: { main: { maxOutputTokens: 500, steps: ["far:cheap"] } } }, {});
    const more = decide({ chains: { main: { maxOutputTokens: 500, steps: [step] } } }, {});
    const cost = (decision: Decision) =>
      (decision.kind === "route" ? decision.plan[0]?.worstCost : undefined) ?? 0;
    expect(cost(more)).toBeGreaterThan(cost(plain));
    if (worstCost !== undefined) expect(cost(more)).toBeLessThanOrEqual(worstCost);
  });

  it.for([
    {
      name: "a forced limit",
      params: { force: { max_completion_tokens: 900 } },
      outputTokens: 1,
      bound: 900,
    },
    {
      name: "a forced limit under the clamp",
      params: { force: { max_tokens: 9000 } },
      outputTokens: 1,
      bound: 950,
    },
    {
      name: "a forced limit that limits nothing",
      params: { force: { max_tokens: -1 } },
      outputTokens: 1,
      bound: 950,
    },
    { name: "a filled-in limit", params: { default: { max_tokens: 300 } }, bound: 300 },
    {
      name: "the caller's, over one filled in",
      params: { default: { max_tokens: 300 } },
      outputTokens: 400,
      bound: 400,
    },
    {
      name: "the clamp, where the caller asks for 0",
      params: { default: { seed: 1 } },
      outputTokens: 0,
      bound: 950,
    },
  ])("bounds the output by what will be sent: $name", ({ params, bound, outputTokens }) => {
    const chains = { main: { maxOutputTokens: 950, steps: [{ target: "far:cheap", params }] } };
    const decision = decide({ chains }, outputTokens === undefined ? {} : { outputTokens });
    const cost = decision.kind === "route" ? (decision.plan[0]?.worstCost ?? 0) : 0;
    // $4 a million output tokens; what is left is input, the text of the params.
    const rest = cost - bound * 4_000;
    expect(rest).toBeGreaterThanOrEqual(0);
    expect(rest).toBeLessThan(200_000);
  });

  it("takes no window for a bound where the caller lifts it", () => {
    const chains = { main: { maxOutputTokens: 500, steps: ["far:dear"] } };
    const request = { inputTokens: 9000, liftsWindow: true };
    // 36,000 input tokens at $10 and 500 output tokens at $40 a million
    expect(decide({ chains }, request)).toMatchObject({ plan: [{ worstCost: 380_000_000 }] });
    expect(inShort(decide({ chains }, { inputTokens: 9000 }))[0]).toBe("deny context_length");
  });

  it.for([
    { service_tier: "priority" },
    { web_search_options: {} },
    { plugins: [{ id: "web" }] },
    { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    { mcp_servers: [{ url: "https://tools.example" }] },
    { enable_search: true },
  ])("takes params that tokens do not pay for as unpriced: %o", (force) => {
    const step = { target: "far:cheap", params: { force } };
    const ceilings = [{ name: "c", limit: "$5", per: "day" }];
    expect(inShort(decide({ ...main(step), ceilings }))).toEqual([
      "deny unpriced",
      "-far:cheap unpriced",
    ]);
  });

  it("draws by weight: shares of the first place follow the weights", () => {
    const from = [{ target: "near:a", weight: 6 }, { target: "near:b", weight: 3 }, "near:c"];
    const counts: Record<string, number> = {};
    const draws = 2000;
    const drawn = decider(main({ pick: "weighted", from }));
    for (let index = 0; index < draws; index++) {
      const first = inShort(drawn({}, { draw: index / draws }))[0] ?? "";
      counts[first] = (counts[first] ?? 0) + 1;
    }
    expect(counts["near:a"]).toBeGreaterThan(draws * 0.56);
    expect(counts["near:a"]).toBeLessThan(draws * 0.64);
    expect(counts["near:b"]).toBeGreaterThan(draws * 0.26);
    expect(counts["near:b"]).toBeLessThan(draws * 0.34);
  });

  it("sticks to a user, whatever is drawn, and keeps the order when a member goes", () => {
    const three = decider(
      main({ pick: "weighted", by: "user", from: ["near:a", "near:b", "near:c"] }),
    );
    const two = decider(main({ pick: "weighted", by: "user", from: ["near:a", "near:c"] }));
    for (let index = 0; index < 40; index++) {
      const request = { user: `user-${index}` };
      const order = inShort(three(request, { draw: 0.1 }));
      expect(inShort(three(request, { draw: 0.9 }))).toEqual(order);
      expect(inShort(two(request))).toEqual(order.filter((target) => target !== "near:b"));
    }
  });

  it("names the bucket of each ceiling it meets, and what is left there", () => {
    const ceilings = [
      { name: "user-month", limit: "$20", per: "month", each: ["project", "user"] },
      { name: "week", limit: "$5", per: "week", exceeded: "warn" },
      { name: "others", limit: "$5", per: "week", match: { user: "bob" } },
    ];
    const spend = { "user-month{project=(none),user=ann}": 1_500_000_000 };
    expect(decide({ ...main("near:a"), ceilings }, { user: "ann" }, { spend })).toMatchObject({
      ceilings: [
        {
          name: "user-month",
          bucket: "user-month{project=(none),user=ann}",
          remaining: 18_500_000_000,
        },
        { name: "week", bucket: "week", remaining: 5_000_000_000 },
      ],
    });
  });
});
