import { describe, expect, it } from "vitest";
import { clearMended } from "../../src/run/clear-mended.ts";
import { createHolds } from "../../src/run/holds.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const startMs = 1_000_000;

function setUp() {
  const clock = createFakeClock(startMs);
  return { clock, holds: createHolds(clock) };
}

describe("holds", () => {
  it("say why and until when a target is out of service", () => {
    const { holds } = setUp();
    holds.hold("openai:gpt-5", "rate_limit", startMs + 20_000);
    expect(holds.view("openai:gpt-5")).toEqual({
      because: "rate_limit",
      untilMs: startMs + 20_000,
    });
    expect(holds.view("openai:gpt-5-mini")).toBeUndefined();
  });

  it.for([
    { name: "a later end replaces", seconds: 30, because: "auth" },
    { name: "an earlier end changes nothing", seconds: 10, because: "rate_limit" },
    { name: "the same end changes nothing", seconds: 20, because: "rate_limit" },
  ])("keep the later of two: $name", ({ seconds, because }) => {
    const { holds } = setUp();
    holds.hold("openai:gpt-5", "rate_limit", startMs + 20_000);
    holds.hold("openai:gpt-5", "auth", startMs + seconds * 1_000);
    const untilMs = startMs + Math.max(20, seconds) * 1_000;
    expect(holds.view("openai:gpt-5")).toEqual({ because, untilMs });
  });

  it("end at their time, not a millisecond later", async () => {
    const { clock, holds } = setUp();
    holds.hold("openai:gpt-5", "rate_limit", startMs + 20_000);
    await clock.advance(19_999);
    expect(holds.view("openai:gpt-5")).toBeDefined();
    await clock.advance(1);
    expect(holds.view("openai:gpt-5")).toBeUndefined();
    expect(holds.list()).toEqual([]);
  });

  it("let a shorter hold follow one that has ended", async () => {
    const { clock, holds } = setUp();
    holds.hold("openai:gpt-5", "auth", startMs + 20_000);
    await clock.advance(20_000);
    holds.hold("openai:gpt-5", "rate_limit", startMs + 21_000);
    expect(holds.view("openai:gpt-5")?.because).toBe("rate_limit");
  });

  it("ignore a hold that is over already", () => {
    const { holds } = setUp();
    holds.hold("openai:gpt-5", "rate_limit", startMs);
    expect(holds.view("openai:gpt-5")).toBeUndefined();
  });

  it("can be cleared", () => {
    const { holds } = setUp();
    holds.hold("openai:gpt-5", "auth", startMs + 20_000);
    holds.clear("openai:gpt-5");
    expect(holds.view("openai:gpt-5")).toBeUndefined();
  });

  it("last no longer than an hour, whatever is asked for", async () => {
    const { clock, holds } = setUp();
    holds.hold("openai:gpt-5", "rate_limit", startMs + 31 * 24 * 3_600_000);
    expect(holds.view("openai:gpt-5")?.untilMs).toBe(startMs + 3_600_000);
    await clock.advance(3_600_000);
    expect(holds.view("openai:gpt-5")).toBeUndefined();
  });

  it.for([-3_600_000, 3_600_000])(
    "keep their length when the clock jumps by %i ms",
    async (jump) => {
      const { clock, holds } = setUp();
      holds.hold("openai:gpt-5", "rate_limit", startMs + 15_000);
      clock.jump(jump);
      expect(holds.view("openai:gpt-5")?.untilMs).toBe(startMs + jump + 15_000);
      await clock.advance(14_999);
      expect(holds.list().length).toBe(1);
      await clock.advance(1);
      expect(holds.view("openai:gpt-5")).toBeUndefined();
    },
  );

  it("that a person may have mended are cleared together, and no rate limit", () => {
    const { holds } = setUp();
    for (const because of [
      "auth",
      "permission",
      "insufficient_credit",
      "not_found",
      "rate_limit",
    ]) {
      holds.hold(`p:${because}`, because, startMs + 20_000);
    }
    clearMended(holds);
    expect(holds.list().map(({ target }) => target)).toEqual(["p:rate_limit"]);
  });

  it("are listed by target", () => {
    const { holds } = setUp();
    holds.hold("openai:gpt-5", "auth", startMs + 20_000);
    holds.hold("groq:llama", "rate_limit", startMs + 10_000);
    expect(holds.list()).toEqual([
      { target: "groq:llama", because: "rate_limit", untilMs: startMs + 10_000 },
      { target: "openai:gpt-5", because: "auth", untilMs: startMs + 20_000 },
    ]);
  });

  it("survive any number of others that come and go", async () => {
    const { clock, holds } = setUp();
    holds.hold("openai:gpt-5", "auth", startMs + 1_000_000);
    for (let model = 0; model < 5_000; model += 1) {
      holds.hold(`openai:made-up-${model}`, "not_found", clock.now() + 5);
      if (model % 10 === 0) await clock.advance(1);
    }
    expect(holds.view("openai:gpt-5")?.because).toBe("auth");
  });
});
