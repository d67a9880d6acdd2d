import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { type Recordings, readRecordings } from "./support/recordings.ts";
import { type Replay, replayAll, spareOf } from "./support/replay.ts";
import { compiledPolicy, redirected } from "./support/stage.ts";
import { tallyOf } from "./support/tally.ts";
import { startUpstreams, type Upstreams } from "./support/upstreams.ts";

describe.runIf(haveRecordings())("recorded messages calls through the official client", () => {
  let upstreams: Upstreams;
  let recordings: Recordings;
  let replay: Replay;

  beforeAll(async () => {
    // The client warns of models that are soon to go; the recordings are older than that.
    vi.spyOn(console, "warn").mockImplementation(() => {});
    upstreams = await startUpstreams();
    recordings = readRecordings("anthropic.messages");
    replay = {
      api: "messages",
      program: redirected(
        compiledPolicy(join(import.meta.dirname, "messages.yaml")),
        upstreams.origin,
      ),
      upstreams,
      tally: tallyOf(recordings),
      spare: spareOf(recordings.exchanges),
    };
  });
  afterAll(async () => {
    replay.tally.print();
    vi.restoreAllMocks();
    await upstreams.close();
  });

  it("whole answers come as recorded, `?beta=true` included", { timeout: 60_000 }, async () => {
    const whole = recordings.exchanges.filter(({ stream }) => !stream);
    expect(whole.some(({ query }) => query === "?beta=true")).toBe(true);
    expect(await replayAll(replay, whole)).toEqual([]);
  });

  it("all streams do, byte for byte", { timeout: 60_000 }, async () => {
    const streams = recordings.exchanges.filter(({ stream }) => stream);
    expect(streams.length).toBeGreaterThan(0);
    expect(await replayAll(replay, streams)).toEqual([]);
  });

  it("none is left over", () => {
    expect(replay.tally.missing()).toBe(0);
  });
});
