import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { type Recordings, readRecordings } from "./support/recordings.ts";
import { type Replay, replayAll, spareOf } from "./support/replay.ts";
import { compiledPolicy, redirected } from "./support/stage.ts";
import { tallyOf } from "./support/tally.ts";
import { startUpstreams, type Upstreams } from "./support/upstreams.ts";

describe.runIf(haveRecordings())("recorded embeddings through the official client", () => {
  let upstreams: Upstreams;
  let recordings: Recordings;
  let replay: Replay;

  beforeAll(async () => {
    upstreams = await startUpstreams();
    recordings = readRecordings("openai.embeddings");
    replay = {
      api: "embeddings",
      program: redirected(
        compiledPolicy(join(import.meta.dirname, "embeddings.yaml")),
        upstreams.origin,
      ),
      upstreams,
      tally: tallyOf(recordings),
      spare: spareOf(recordings.exchanges),
    };
  });
  afterAll(async () => {
    replay.tally.print();
    await upstreams.close();
  });

  it("all come as recorded, as vectors or in base64", { timeout: 60_000 }, async () => {
    expect(recordings.exchanges.length).toBeGreaterThan(0);
    expect(await replayAll(replay, recordings.exchanges)).toEqual([]);
  });

  it("none is left over", () => {
    expect(replay.tally.missing()).toBe(0);
  });
});
