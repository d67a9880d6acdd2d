import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerRoutes } from "../../../src/faces/cli/routes.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { recordedIo } from "../../support/cli-io.ts";

const policy = `version: 1
providers:
  box: { kind: ollama, labels: { hosting: self } }
  openai: { kind: openai, fee: 5.5% }
  groq: { kind: groq }
attributes: { team: { values: [free, paid], default: free } }
routes:
  - { name: mine, match: { team: paid, inputTokens: { lt: 9k } }, use: home }
  - { name: either, match: { anyOf: [{ model: a }, { stream: true, team: free }] }, use: split }
  - { name: hidden, match: { model: a }, use: split }
  - { name: named, match: { model: ["openai:*", "groq:*"] }, use: asked }
  - { name: rest, deny: "not for us" }
chains:
  home: ["box:llama3.1:8b"]
  split:
    maxAttempts: 2
    steps:
      - { pick: weighted, by: user, from: [{ target: "openai:gpt-5", weight: 3 }, "groq:llama-3.3-70b-versatile"] }
      - box:llama3.1:8b
  asked: [{ requested: ["openai:*", "groq:*"] }]
  spare: ["box:llama3.1:8b", "box:other"]
ceilings:
  - { name: paid-day, limit: $5, per: day, match: { team: paid }, exceeded: { use: spare } }
  - { name: groq-day, limit: $5, per: day, target: "groq:*", exceeded: { use: spare } }
defaults: { maxOutputTokens: 1k }
`;

async function run(...args: readonly string[]) {
  const io = recordedIo({ "p.yaml": policy, "bad.yaml": "version: 2\n" });
  const program = new Command("signalbox");
  registerRoutes(program, io);
  await runCli(program, ["routes", ...args], io);
  return io.written;
}

describe("signalbox routes", () => {
  it("draws routes, conditions, chains, groups, ceilings and prices", async () => {
    const { out, code } = await run("p.yaml");
    expect(code).toBe(undefined);
    expect(out).toBe(`p.yaml: 5 routes, the first that matches is taken

1 mine  team: paid and inputTokens: less than 9000
  ├─ chain home
  │  └─ box:llama3.1:8b  $0 in, $0 out
  └─ chain spare, once ceiling paid-day refuses (for team: paid)
     └─ box:other  $0 in, $0 out

2 either  (model: a) or (stream: true and team: free)
  ├─ chain split
  │  ├─ weighted by user of
  │  │  ├─ openai:gpt-5                  $1.25 in, $10 out, plus 5.5%  weight 3
  │  │  └─ groq:llama-3.3-70b-versatile  $0.59 in, $0.79 out           weight 1
  │  └─ box:llama3.1:8b  $0 in, $0 out
  ├─ chain spare, once ceiling paid-day refuses (for team: paid)
  │  └─ box:other  $0 in, $0 out
  └─ chain spare, once ceiling groq-day refuses (counting groq:*)
     └─ box:other  $0 in, $0 out

3 hidden  model: a  never reached
  └─ chain split
     ├─ weighted by user of
     │  ├─ openai:gpt-5                  $1.25 in, $10 out, plus 5.5%  weight 3
     │  └─ groq:llama-3.3-70b-versatile  $0.59 in, $0.79 out           weight 1
     └─ box:llama3.1:8b  $0 in, $0 out

4 named  model: one of openai:*, groq:*
  ├─ chain asked
  │  └─ the target that the request names, if it is openai:* or groq:*
  ├─ chain spare, once ceiling paid-day refuses (for team: paid)
  │  ├─ box:llama3.1:8b  $0 in, $0 out
  │  └─ box:other        $0 in, $0 out
  └─ chain spare, once ceiling groq-day refuses (counting groq:*)
     ├─ box:llama3.1:8b  $0 in, $0 out
     └─ box:other        $0 in, $0 out

5 rest  every request
  └─ denied: not for us
`);
  });

  it.for([
    { target: "openai:*", routes: ["either", "named"] },
    { target: "openai", routes: ["either", "named"] },
    { target: "openai:gpt-5", routes: ["either", "named"] },
    { target: "openai:gpt-4*", routes: ["named"] },
    { target: "box:other", routes: ["mine", "either", "named"] },
    { target: "box:llama3.1:8b", routes: ["mine", "either", "named"] },
    { target: "*-versatile", routes: ["either", "named"] },
    { target: "box:none", routes: [] },
  ])("says by which routes a request can come to $target: $routes", async ({ target, routes }) => {
    const { out } = await run("p.yaml", "--target", target, "--format", "json");
    const report = JSON.parse(out);
    expect(report.routes.map(({ name }: { name: string }) => name)).toEqual(routes);
    for (const { example } of report.routes) {
      expect(example).toMatch(/^signalbox explain p\.yaml --request '\{/);
    }
  });

  it("shows only what comes to the target, and says when nothing does", async () => {
    const { out } = await run("p.yaml", "--target", "groq:*");
    expect(out).toContain("p.yaml: requests come to groq:* by 2 of 5 routes");
    expect(out).toContain("└─ the target that the request names, if it is groq:*\n");
    expect(out).not.toMatch(/openai:gpt-5|box:/);
    expect((await run("p.yaml", "--target", "box:none")).out).toBe(
      "p.yaml: no request can come to box:none\n",
    );
  });

  it("prints the same for machines", async () => {
    const { routes } = JSON.parse((await run("p.yaml", "--format", "json")).out);
    expect(routes[0]).toEqual({
      number: 1,
      name: "mine",
      when: ["team: paid", "inputTokens: less than 9000"],
      reached: "yes",
      chains: [
        {
          chain: "home",
          maxAttempts: 3,
          maxOutputTokens: 1000,
          steps: [
            {
              target: "box:llama3.1:8b",
              price: { input: "0", output: "0" },
              labels: { hosting: "self" },
            },
          ],
        },
        {
          chain: "spare",
          after: { ceiling: "paid-day", when: ["team: paid"] },
          maxAttempts: 3,
          maxOutputTokens: 1000,
          steps: [
            {
              target: "box:other",
              price: { input: "0", output: "0" },
              labels: { hosting: "self" },
            },
          ],
        },
      ],
    });
    expect(routes[1].chains[0].steps[0]).toMatchObject({
      pick: "weighted",
      by: "user",
      from: [
        {
          target: "openai:gpt-5",
          weight: 3,
          price: { input: "1.25", output: "10" },
          feePercent: 5.5,
        },
        { weight: 1 },
      ],
    });
    expect(routes[2]).toMatchObject({
      name: "hidden",
      reached: "no",
      chains: [{ chain: "split" }],
    });
    expect(routes[4]).toMatchObject({ deny: "not for us", chains: [] });
  });

  it.for([
    {
      what: "a provider that is not declared",
      args: ["p.yaml", "--target", "opnai:*"],
      err: "no provider `opnai`\n  help: did you mean `openai`?",
    },
    {
      what: "two stars",
      args: ["p.yaml", "--target", "o*:*"],
      err: "--target takes one `*` at most",
    },
    {
      what: "an unknown format",
      args: ["p.yaml", "--format", "xml"],
      err: "--format is pretty or json",
    },
    { what: "no such file", args: ["no.yaml"], err: "there is no such file" },
  ])("exits 2 on $what", async ({ args, err }) => {
    const written = await run(...args);
    expect(written).toMatchObject({ code: 2, out: "" });
    expect(written.err).toContain(err);
  });

  it("exits 1 where the policy has errors, and shows them", async () => {
    const written = await run("bad.yaml");
    expect(written).toMatchObject({ code: 1, out: "" });
    expect(written.err).toMatch(/^bad\.yaml:1:10 error SB104: /m);
  });
});
