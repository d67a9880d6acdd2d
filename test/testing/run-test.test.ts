import { describe, expect, it } from "vitest";
import { attemptWords } from "../../src/testing/compare.ts";
import { ready, results, smallPolicy } from "./support.ts";

/** The lines of a test, as an item of the list. */
function test(lines: string): string {
  return `  - name: t\n${lines.replace(/^/gm, "    ")}\n`;
}

async function diffOf(lines: string, policy = smallPolicy) {
  const [result] = await results(test(lines), ready(policy));
  return result?.diff;
}

async function attemptsOf(lines: string, policy = smallPolicy) {
  const [result] = await results(test(lines), ready(policy));
  return result?.attempts.map(attemptWords);
}

describe("a test passes", () => {
  it.for([
    {
      name: "on its route, chain, target and plan",
      lines:
        'request: {}\nexpect: { route: rest, chain: main, target: "big:a", plan: ["big:a", "small:c", "big:b", "desk:a"], skipped: {} }',
    },
    {
      name: "on the exact worst case of the first target",
      lines: "request: { inputTokens: 1k }\nexpect: { cost: $0.05 }",
    },
    {
      name: "on a bound that the worst case just meets",
      lines: 'request: { inputTokens: 1k }\nexpect: { cost: "<= $0.05" }',
    },
    {
      name: "on a denial by a route",
      lines: "request: { model: nobody }\nexpect: { route: nobody, denied: policy, attempts: 0 }",
    },
    {
      name: "on skips with their reasons",
      lines:
        'given: { breakers: { "big:a": open }, holds: { "small:c": auth } }\nexpect: { target: "big:b", skipped: { "big:a": breaker_open, "small:c": hold } }',
    },
    {
      name: "on a target that the caller names",
      lines: 'request: { model: "big:x" }\nexpect: { route: pinned, target: "big:x" }',
    },
    {
      name: "on a ceiling's own chain",
      lines:
        'request: { user: ann }\ngiven: { spend: { "mine{user=ann}": $0.5 } }\nexpect: { target: "desk:a", attempts: ["desk:a ok"], skipped: { "big:a": ceiling, "small:c": ceiling, "big:b": ceiling } }',
    },
    {
      name: "on another user's money",
      lines:
        'request: { user: bob }\ngiven: { spend: { "mine{user=ann}": $0.5 } }\nexpect: { target: "big:a", skipped: {} }',
    },
    {
      name: "on a provider without its key",
      lines:
        'given: { withoutKey: [big] }\nexpect: { target: "small:c", skipped: { "big:a": no_credential, "big:b": no_credential } }',
    },
  ])("$name", async ({ lines }) => expect(await diffOf(lines)).toEqual([]));
});

describe("a test fails field by field", () => {
  it.for([
    {
      name: "another route and target",
      lines: 'expect: { route: private, target: "small:c" }',
      diff: [
        ["route", "private", "rest"],
        ["target", "small:c", "big:a"],
      ],
    },
    {
      name: "a plan that differs in places",
      lines: 'expect: { plan: ["big:a", "big:b", "small:c"] }',
      diff: [
        ["plan[1]", "big:b", "small:c"],
        ["plan[2]", "small:c", "big:b"],
        ["plan[3]", "nothing", "desk:a"],
      ],
    },
    {
      name: "a skip that is not there",
      lines: 'expect: { skipped: { "big:a": hold } }',
      diff: [["skipped.big:a", "hold", "nothing"]],
    },
    {
      name: "a skip that nobody expects",
      lines: 'given: { breakers: { "big:a": open } }\nexpect: { skipped: {} }',
      diff: [["skipped.big:a", "nothing", "breaker_open"]],
    },
    {
      name: "a denial that nobody expects",
      lines: "request: { model: nobody }\nexpect: { route: nobody }",
      diff: [["denied", "nothing", "policy"]],
    },
    {
      name: "a denial that does not come",
      lines: "expect: { denied: policy }",
      diff: [["denied", "policy", "nothing"]],
    },
    {
      name: "a cost that is a billionth off",
      lines: "request: { inputTokens: 1k }\nexpect: { cost: $0.050000001 }",
      diff: [["cost", "$0.050000001", "$0.05"]],
    },
    {
      name: "a bound that is a billionth too low",
      lines: 'request: { inputTokens: 1k }\nexpect: { cost: "<= $0.049999999" }',
      diff: [["cost", "<= $0.049999999", "$0.05"]],
    },
    {
      name: "a cost of nothing",
      lines: 'request: { model: nobody }\nexpect: { denied: policy, cost: "<= $1" }',
      diff: [["cost", "<= $1", "nothing"]],
    },
    {
      name: "other attempts",
      lines: 'given: { faults: { "big:a": [content_filter] } }\nexpect: { attempts: ["big:a ok"] }',
      diff: [["attempts[0]", "big:a ok", "big:a content_filter"]],
    },
    {
      name: "another number of attempts",
      lines: "expect: { attempts: 2 }",
      diff: [["attempts", "2", "1 (big:a ok)"]],
    },
    {
      name: "no answer at all",
      lines: 'given: { faults: { "big:a": [content_filter] } }\nexpect: { target: "big:a" }',
      diff: [["target", "big:a", "nothing"]],
    },
  ])("$name", async ({ lines, diff }) => {
    expect(await diffOf(lines)).toEqual(
      diff.map(([field, expected, found]) => ({ field, expected, found })),
    );
  });
});

describe("a run in a test", () => {
  it.for([
    {
      name: "retries at the same target, then moves on",
      faults: '"big:a": [server_error, server_error]',
      attempts: ["big:a server_error", "big:a server_error", "small:c ok"],
    },
    {
      name: "answers at a retry",
      faults: '"big:a": [network]',
      attempts: ["big:a network", "big:a ok"],
    },
    {
      name: "does not retry what does not help",
      faults: '"big:a": [auth]',
      attempts: ["big:a auth", "small:c ok"],
    },
    {
      name: "does not move on after the caller's mistake",
      faults: '"big:a": [invalid_request]',
      attempts: ["big:a invalid_request"],
    },
    {
      name: "makes no more attempts than the policy allows",
      faults:
        '"big:a": [server_error, server_error], "small:c": [server_error, server_error], "big:b": [server_error]',
      attempts: [
        "big:a server_error",
        "big:a server_error",
        "small:c server_error",
        "small:c server_error",
      ],
    },
    {
      name: "counts an unsupported request as an attempt",
      faults: '"big:a": [unsupported]',
      attempts: ["big:a unsupported", "small:c ok"],
    },
    {
      name: "moves on to a larger window only",
      faults: '"big:a": [context_length]',
      attempts: ["big:a context_length"],
    },
  ])("$name", async ({ faults, attempts }) => {
    expect(await attemptsOf(`given: { faults: { ${faults} } }\nexpect: { route: rest }`)).toEqual(
      attempts,
    );
  });

  it("ends when its time is over, which takes none of ours", async () => {
    const short = smallPolicy.replace(
      "maxAttempts: 4",
      "maxAttempts: 4, timeouts: { answer: 40s, total: 1m }",
    );
    const given =
      'given: { faults: { "big:a": [timeout, timeout], "small:c": [timeout] } }\nexpect: { route: rest }';
    const began = performance.now();
    expect(await attemptsOf(given, short)).toEqual(["big:a timeout", "big:a timeout"]);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("opens a breaker when attempts fail often enough", async () => {
    const touchy = `${smallPolicy.replace("maxAttempts: 4", "maxAttempts: 9, breaker: touchy").replace("maxRetries: 1", "maxRetries: 8")}breakers: { touchy: { errorRate: 50%, minFailures: 2 } }\n`;
    const given =
      'given: { faults: { "big:a": [overloaded, overloaded, overloaded] } }\nexpect: { route: rest }';
    expect(await attemptsOf(given, touchy)).toEqual([
      "big:a overloaded",
      "big:a overloaded",
      "small:c ok",
    ]);
  });

  it("gives a half-open breaker one probe", async () => {
    const given =
      'given: { breakers: { "big:a": half-open }, faults: { "big:a": [server_error] } }\nexpect: { route: rest }';
    expect(await attemptsOf(given)).toEqual(["big:a server_error", "small:c ok"]);
  });

  it("probes an open breaker where nothing else is left, and still counts as denied", async () => {
    const given =
      'request: { attributes: { data: private } }\ngiven: { breakers: { "desk:a": open } }\nexpect: { route: private, denied: breaker_open, attempts: ["desk:a ok"] }';
    expect(await diffOf(given)).toEqual([]);
  });

  it("takes what an earlier attempt of the request has cost from the ceiling", async () => {
    const given =
      'request: { inputTokens: 1k }\ngiven: { spend: { day: $0.92 }, faults: { "big:a": [server_error] } }\nexpect: { target: "small:c", attempts: ["big:a server_error", "small:c ok"] }';
    expect(await diffOf(given)).toEqual([]);
  });

  it("puts the fastest first as the test measures it", async () => {
    const fastest = smallPolicy.replace("pick: cheapest", "pick: fastest");
    const given =
      'given: { breakers: { "big:a": open }, firstOutput: { "big:b": 900ms, "small:c": 1s } }\nexpect: { target: "big:b" }';
    expect(await diffOf(given, fastest)).toEqual([]);
  });
});

describe("a change of the policy", () => {
  const tests = test(
    'request: { inputTokens: 1k }\nexpect: { route: rest, target: "big:a", cost: $0.05 }',
  );

  it.for([
    {
      name: "another order",
      from: "    - big:a\n    - chain: group",
      to: "    - chain: group\n    - big:a",
    },
    { name: "another route", from: "{ name: rest, use: main }", to: "{ name: rest, use: group }" },
    {
      name: "another price",
      from: "{ input: $10, output: $10 }",
      to: "{ input: $11, output: $10 }",
    },
    { name: "another output limit", from: "maxOutputTokens: 1k", to: "maxOutputTokens: 999" },
    { name: "a lower ceiling", from: "limit: $1,", to: "limit: $0.04," },
  ])("that makes $name is seen", async ({ from, to }) => {
    expect(smallPolicy).toContain(from);
    const [before] = await results(tests);
    const [after] = await results(tests, ready(smallPolicy.replace(from, to)));
    expect(before?.diff).toEqual([]);
    expect(after?.diff.length).toBeGreaterThan(0);
  });
});
