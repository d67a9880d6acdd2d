import { describe, expect, it } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { asRecorded } from "./support/acts.ts";
import { cases, expectError, openScene, seedPolicy } from "./support/cases.ts";
import { problemsOfRequest } from "./support/problems.ts";
import { compiledPolicy, play, redirected } from "./support/stage.ts";

const writer = ["ollama", "ollama:llama3.3:70b", "openrouter:moonshotai/kimi-k2"] as const;
const quick = ["ollama", "ollama:qwen2.5:72b", "openai:gpt-4o-mini"] as const;
const judge = ["openai", "openai:gpt-4o", "openrouter:openai/gpt-4o"] as const;

/** What the policy says of the names of the seed project's agents, read off its file by hand. */
const aliases = [
  ["query", "thinking", ...quick],
  ["reflection", "thinking", ...quick],
  ["summary", "writing", ...writer],
  ["final-summary", "writing", ...writer],
  ["evaluation", "judging", ...judge],
  ["summary-evals", "judging", ...judge],
] as const;

const [seedCase] = cases;

describe.runIf(haveRecordings() && seedCase).each(seedCase ? [seedCase] : [])(
  "$name under the names of its agents",
  (kind) => {
    const scene = openScene(kind);

    it.for(aliases)(
      "`%s` goes by the route `%s`: when %s is down not to %s but to %s",
      async ([alias, route, down, first, next]) => {
        const exchange = { ...scene.exchange(), body: { ...scene.exchange().body, model: alias } };
        const script = () => asRecorded(exchange);
        const usual = await play(scene.program(), scene.upstreams(), "chat", exchange, script);
        expect(usual.attempts.map(({ target, outcome }) => [target, outcome])).toEqual([
          [first, "ok"],
        ]);
        expect(usual.decision).toMatchObject({ route });
        const { refused, origin } = scene.upstreams();
        const program = redirected(compiledPolicy(seedPolicy), origin, { [down]: refused });
        const played = await play(program, scene.upstreams(), "chat", exchange, script);
        const last = played.attempts.at(-1);
        expect([last?.target, last?.outcome]).toEqual([next, "ok"]);
        expect(played.attempts[0]).toMatchObject({ target: first, outcome: "network" });
        expect(played.calls[0]?.answer).toBe(exchange.answer);
        const [request] = played.received;
        if (!request || !last) throw new TypeError("nothing was sent");
        expect(problemsOfRequest(request, played.calls[0]?.text ?? "", last)).toEqual([]);
      },
    );

    it("private calls never leave the machine, whoever is down", async () => {
      const requestHeaders = { "x-signalbox-data": "private" };
      const exchange = { ...scene.exchange(), requestHeaders };
      const script = () => asRecorded(exchange);
      const usual = await play(scene.program(), scene.upstreams(), "chat", exchange, script);
      expect(usual.attempts.map(({ target }) => target)).toEqual(["ollama:qwen2.5:72b"]);
      const { refused, origin } = scene.upstreams();
      const down = { ollama: refused, lmstudio: refused };
      const program = redirected(compiledPolicy(seedPolicy), origin, down);
      const played = await play(program, scene.upstreams(), "chat", exchange, script);
      expectError(played, "InternalServerError 502");
      expect(played.received).toEqual([]);
    });
  },
);
