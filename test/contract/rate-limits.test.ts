import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/run/ports.ts";
import { createSystemClock } from "../../src/run/system-clock.ts";
import { haveRecordings } from "../support/data.ts";
import { asRecorded, firstThen } from "./support/acts.ts";
import { cases, expectError, openScene } from "./support/cases.ts";
import { callDirectly } from "./support/clients.ts";
import { rateLimitAct, rateLimits } from "./support/faults.ts";
import { openStage } from "./support/stage.ts";
import type { Act } from "./support/upstreams.ts";

/** On a whole second, as HTTP dates are. What clocks show stands still: timers alone run. */
const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);
const clock: Clock = { ...createSystemClock(), now: () => nowMs, monotonic: () => 0 };

describe.runIf(haveRecordings()).each(cases)(
  "$name, when its first target is rate limited",
  (kind) => {
    const { api } = kind;
    const scene = openScene(kind);
    const limits = rateLimits(nowMs).filter(({ apis }) => apis.includes(api));

    it.for(limits)("a 429 with $name rests the target for as long", async (limit) => {
      const exchange = scene.exchange();
      const stage = await openStage(scene.program(), scene.upstreams(), { clock });
      const script = firstThen(rateLimitAct(api, limit), asRecorded(exchange));
      const played = await stage.play(api, exchange, script);
      expect(played.attempts[0]?.outcome).toBe("rate_limit");
      await scene.expectAnswerOfNext(played);
      const again = await stage.play(api, exchange, () => asRecorded(exchange));
      await stage.close();
      expect(again.decision?.skipped.find(({ because }) => because === "hold")).toMatchObject({
        target: played.attempts[0]?.target,
        untilMs: nowMs + limit.restsMs,
      });
      expect(again.attempts.map(({ outcome }) => outcome)).toEqual(["ok"]);
    });

    it("a 429 whose wait is short is waited for, at the same target", async () => {
      const limited = rateLimitAct(api, {
        headers: { "retry-after-ms": "40" },
        message: "Slow down.",
      });
      const played = await scene.play(inTurn([limited, asRecorded(scene.exchange())]));
      const [one, two] = played.attempts;
      expect(played.attempts.map(({ outcome }) => outcome)).toEqual(["rate_limit", "ok"]);
      expect(two?.target).toBe(one?.target);
      expect((two?.startedMs ?? 0) - (one?.startedMs ?? 0)).toBeGreaterThanOrEqual(40);
      expect(played.told).toEqual(await callDirectly(api, scene.exchange()));
    });

    it("limits everywhere end in the client's own error, with the wait, and without a try of its own", async () => {
      const limited = rateLimitAct(api, {
        headers: { "retry-after": "20" },
        message: "Slow down.",
      });
      const played = await scene.play(() => limited, scene.program(), { clock });
      expectError(played, "RateLimitError 429");
      expect(played.calls[0]?.headers.get("retry-after")).toBe("20");
    });
  },
);

/** One act after the other, whoever is asked. */
function inTurn(acts: readonly Act[]): () => Act {
  let turn = 0;
  return () => {
    const act = acts[turn];
    turn += 1;
    if (!act) throw new TypeError("asked more often than was foreseen");
    return act;
  };
}
