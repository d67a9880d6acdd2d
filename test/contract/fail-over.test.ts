import { describe, expect, it } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { asRecorded, firstThen } from "./support/acts.ts";
import { cases, expectError, openScene, outcomesOf } from "./support/cases.ts";
import { faults, raisedFor } from "./support/faults.ts";
import { compiledPolicy, redirected, withTimeouts } from "./support/stage.ts";

const have = haveRecordings();

describe.runIf(have).each(cases)("$name, when its first target fails", (kind) => {
  const { api } = kind;
  const scene = openScene(kind);

  it.for(faults)("a target that $name is passed over", async ({ act, becomes }) => {
    const played = await scene.play(firstThen(act(api), asRecorded(scene.exchange())));
    expect(played.attempts[0]?.outcome).toBe(becomes);
    await scene.expectAnswerOfNext(played);
  });

  it.for(faults)("a target that $name is told of when all do", async ({ act, becomes, toldAs }) => {
    const played = await scene.play(() => act(api));
    expect(outcomesOf(played)).toEqual([becomes]);
    expectError(played, raisedFor(api, toldAs));
  });
});

describe.runIf(have).each(cases)("$name, when its first target is not there", (kind) => {
  const { api } = kind;
  const scene = openScene(kind);

  it("a refused connection is passed over, or told of where all targets are on one machine", async () => {
    const recorded = () => asRecorded(scene.exchange());
    const usual = await scene.play(recorded);
    const [provider = ""] = usual.attempts[0]?.target.split(":") ?? [];
    const down = { [provider]: scene.upstreams().refused };
    const program = redirected(compiledPolicy(kind.policy), scene.upstreams().origin, down);
    const played = await scene.play(recorded, program);
    expect(played.attempts[0]?.outcome).toBe("network");
    const elsewhere = played.attempts.some(({ target }) => !target.startsWith(`${provider}:`));
    if (elsewhere) await scene.expectAnswerOfNext(played);
    else expectError(played, raisedFor(api, 502));
  });

  it("one that hangs is passed over when its time is up", async () => {
    const hasty = withTimeouts(scene.program(), { headersMs: 300, answerMs: 300 });
    const script = firstThen({ kind: "hang" }, asRecorded(scene.exchange()));
    const played = await scene.play(script, hasty);
    expect(played.attempts[0]?.outcome).toBe("timeout");
    await scene.expectAnswerOfNext(played);
  });

  it("all that hang end in an error", async () => {
    const hasty = withTimeouts(scene.program(), { headersMs: 80, answerMs: 80 });
    const played = await scene.play(() => ({ kind: "hang" }), hasty);
    expect(outcomesOf(played)).toEqual(["timeout"]);
    expectError(played, raisedFor(api, 504));
  });
});
