import { describe, expect, it } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { asRecorded } from "./support/acts.ts";
import { cases, expectError, openScene, seedPolicy } from "./support/cases.ts";
import { problemsOfRequest } from "./support/problems.ts";
import { readRecordings, seedRepo } from "./support/recordings.ts";
import { compiledPolicy, play, redirected } from "./support/stage.ts";

/** What the policy says of each name of the seed project's agents, read off its file by hand. */
const aliases = [
  {
    alias: "query",
    route: "thinking",
    down: "ollama",
    first: "ollama:qwen2.5:72b",
    next: "openai:gpt-4o-mini",
  },
  {
    alias: "reflection",
    route: "thinking",
    down: "ollama",
    first: "ollama:qwen2.5:72b",
    next: "openai:gpt-4o-mini",
  },
  {
    alias: "summary",
    route: "writing",
    down: "ollama",
    first: "ollama:llama3.3:70b",
    next: "openrouter:moonshotai/kimi-k2",
  },
  {
    alias: "final-summary",
    route: "writing",
    down: "ollama",
    first: "ollama:llama3.3:70b",
    next: "openrouter:moonshotai/kimi-k2",
  },
  {
    alias: "evaluation",
    route: "judging",
    down: "openai",
    first: "openai:gpt-4o",
    next: "openrouter:openai/gpt-4o",
  },
  {
    alias: "summary-evals",
    route: "judging",
    down: "openai",
    first: "openai:gpt-4o",
    next: "openrouter:openai/gpt-4o",
  },
] as const;

const [seedCase] = cases;

describe.runIf(haveRecordings() && seedCase).each(seedCase ? [seedCase] : [])(
  "$name under the names of its agents",
  (kind) => {
    const scene = openScene(kind);

    it.for(aliases)(
      "`$alias` goes to $first, and to $next when $down is down",
      async ({ alias, route, down, first, next }) => {
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
      const seed = readRecordings(kind.file).exchanges.filter(({ repo }) => repo === seedRepo);
      const exchange = { ...scene.exchange(), requestHeaders };
      const script = () => asRecorded(exchange);
      const usual = await play(scene.program(), scene.upstreams(), "chat", exchange, script);
      expect(usual.attempts.map(({ target }) => target)).toEqual(["ollama:qwen2.5:72b"]);
      expect(seed.length).toBeGreaterThan(0);
      const { refused, origin } = scene.upstreams();
      const down = { ollama: refused, lmstudio: refused };
      const program = redirected(compiledPolicy(seedPolicy), origin, down);
      const played = await play(program, scene.upstreams(), "chat", exchange, script);
      expectError(played, "InternalServerError 502");
      expect(played.received).toEqual([]);
    });
  },
);
