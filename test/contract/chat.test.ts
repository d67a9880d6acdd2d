import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { haveRecordings } from "../support/data.ts";
import { type Recordings, readRecordings, seedRepo } from "./support/recordings.ts";
import { type Replay, replayAll, spareOf } from "./support/replay.ts";
import { compiledPolicy, redirected } from "./support/stage.ts";
import { tallyOf } from "./support/tally.ts";
import { startUpstreams, type Upstreams } from "./support/upstreams.ts";

const policy = join(import.meta.dirname, "../../policies/deepresearcher2.yaml");

describe.runIf(haveRecordings())("recorded chat calls through the official client", () => {
  let upstreams: Upstreams;

  beforeAll(async () => {
    upstreams = await startUpstreams();
  });
  afterAll(() => upstreams.close());

  describe.each(["ollama.chat.completions", "openai.chat.completions"])("%s", (file) => {
    let recordings: Recordings;
    let replay: Replay;

    beforeAll(() => {
      recordings = readRecordings(file);
      replay = {
        api: "chat",
        program: redirected(compiledPolicy(policy), upstreams.origin),
        upstreams,
        tally: tallyOf(recordings),
        spare: spareOf(recordings.exchanges),
      };
    });
    afterAll(() => replay.tally.print());

    it("the seed project's own calls are answered as recorded, by the target of their name", async () => {
      const seed = recordings.exchanges.filter(({ repo }) => repo === seedRepo);
      expect(seed.length).toBeGreaterThan(0);
      expect(await replayAll(replay, seed)).toEqual([]);
    });

    it("all other calls without a stream are", { timeout: 60_000 }, async () => {
      const others = recordings.exchanges.filter(
        ({ repo, stream }) => repo !== seedRepo && !stream,
      );
      expect(others.length).toBeGreaterThan(0);
      expect(await replayAll(replay, others)).toEqual([]);
    });

    it("all streams are, byte for byte", { timeout: 60_000 }, async () => {
      const streams = recordings.exchanges.filter(({ stream }) => stream);
      expect(streams.length).toBeGreaterThan(0);
      expect(await replayAll(replay, streams)).toEqual([]);
    });

    it("none is left over", () => {
      expect(replay.tally.missing()).toBe(0);
    });
  });
});
