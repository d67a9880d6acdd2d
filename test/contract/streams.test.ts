import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Program } from "../../src/terms/program.ts";
import { haveRecordings } from "../support/data.ts";
import { asRecorded, errorBody, firstThen, streamUpTo } from "./support/acts.ts";
import { messagesPolicy, seedPolicy } from "./support/cases.ts";
import { type Exchange, readRecordings } from "./support/recordings.ts";
import { steers } from "./support/replay.ts";
import { compiledPolicy, type Played, play, redirected, withTimeouts } from "./support/stage.ts";
import {
  fitStream,
  problemsOfBrokenOff,
  problemsOfMovedOn,
  problemsOfWithheld,
  spareStream,
  withoutUsage,
} from "./support/stream-cases.ts";
import { streamPlaces } from "./support/stream-places.ts";
import { type Script, startUpstreams, type Upstreams } from "./support/upstreams.ts";

const files = [
  { file: "openai.chat.completions", api: "chat", policy: seedPolicy },
  { file: "ollama.chat.completions", api: "chat", policy: seedPolicy },
  { file: "anthropic.messages", api: "messages", policy: messagesPolicy },
] as const;

const have = haveRecordings();

/** The two ways of breaking off, in turn: an end that HTTP takes for one, a connection that closes on the answer. */
const endOf = (at: number) => (at % 2 === 0 ? "whole" : "reset");

interface Scene {
  readonly streams: () => readonly Exchange[];
  readonly program: () => Program;
  readonly play: (exchange: Exchange, script: Script, program?: Program) => Promise<Played>;
}

function openScene({ file, api, policy }: (typeof files)[number]): Scene {
  let upstreams: Upstreams;
  let program: Program;
  let streams: readonly Exchange[];
  beforeAll(async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    upstreams = await startUpstreams();
    program = redirected(compiledPolicy(policy), upstreams.origin);
    streams = readRecordings(file).exchanges.filter(
      (exchange) => exchange.stream && exchange.status === 200 && !steers(api, exchange),
    );
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await upstreams.close();
  });
  return {
    streams: () => streams,
    program: () => program,
    play: (exchange, script, other = program) => play(other, upstreams, api, exchange, script),
  };
}

describe.runIf(have).each(files)("recorded streams of $file", { timeout: 60_000 }, (kind) => {
  const { api } = kind;
  const scene = openScene(kind);

  it("cut before the first output are answered by the next target alone", async () => {
    const problems: string[] = [];
    for (const [at, exchange] of scene.streams().entries()) {
      const { frames, firstOutput } = streamPlaces(exchange.answer);
      const cut = streamUpTo(frames.slice(0, Math.max(0, firstOutput)), endOf(at));
      const spare = spareStream(scene.streams(), exchange);
      const played = await scene.play(exchange, firstThen(cut, asRecorded(spare)));
      problems.push(...problemsOfMovedOn(played, spare).map((each) => `${exchange.id}: ${each}`));
    }
    expect(problems).toEqual([]);
  });

  it("cut after the first output end in an error, and nobody else is asked", async () => {
    const problems: string[] = [];
    for (const [at, exchange] of scene.streams().entries()) {
      const { frames, firstOutput, firstEnd } = streamPlaces(exchange.answer);
      if (firstOutput < 0 || firstEnd <= firstOutput) continue;
      const before = frames.slice(0, firstOutput + 1);
      const played = await scene.play(exchange, () => streamUpTo(before, endOf(at)));
      const found = await problemsOfBrokenOff(api, played, before.join(""), exchange);
      problems.push(...found.map((each) => `${exchange.id}: ${each}`));
    }
    expect(problems).toEqual([]);
  });
});

describe.runIf(have).each(files)("a recorded stream of $file", (kind) => {
  const { api } = kind;
  const scene = openScene(kind);

  it("that turns into an error moves on before the first output, and ends in one after it", async () => {
    const exchange = fitStream(scene.streams());
    const { frames, firstOutput } = streamPlaces(exchange.answer);
    const body = errorBody(api, "overloaded_error", "Overloaded");
    const error = `${api === "messages" ? "event: error\n" : ""}data: ${body}\n\n`;
    const early = streamUpTo([...frames.slice(0, firstOutput), error], "whole");
    const moved = await scene.play(exchange, firstThen(early, asRecorded(exchange)));
    expect(problemsOfMovedOn(moved, exchange)).toEqual([]);
    expect(moved.attempts[0]?.outcome).toBe("overloaded");
    const before = frames.slice(0, firstOutput + 1);
    const broken = await scene.play(exchange, () => streamUpTo([...before, error], "whole"));
    expect(await problemsOfBrokenOff(api, broken, before.join(""), exchange)).toEqual([]);
    expect(broken.attempts.map(({ outcome }) => outcome)).toEqual(["overloaded"]);
  });

  it("that stalls moves on before the first output, and ends in an error after it", async () => {
    const exchange = fitStream(scene.streams());
    const hasty = withTimeouts(scene.program(), { firstOutputMs: 300, idleMs: 300 });
    const { frames, firstOutput } = streamPlaces(exchange.answer);
    const early = streamUpTo(frames.slice(0, firstOutput), "stall");
    const moved = await scene.play(exchange, firstThen(early, asRecorded(exchange)), hasty);
    expect(problemsOfMovedOn(moved, exchange)).toEqual([]);
    expect(moved.attempts[0]?.outcome).toBe("timeout");
    const before = frames.slice(0, firstOutput + 1);
    const broken = await scene.play(exchange, () => streamUpTo(before, "stall"), hasty);
    expect(await problemsOfBrokenOff(api, broken, before.join(""), exchange)).toEqual([]);
    expect(broken.attempts.map(({ outcome }) => outcome)).toEqual(["timeout"]);
  });
});

describe.runIf(have).each(files.slice(0, 2))("usage in streams of $file", (kind) => {
  const scene = openScene(kind);

  it("is asked for and held back where the caller did not ask", { timeout: 60_000 }, async () => {
    const problems: string[] = [];
    let withheld = 0;
    for (const exchange of scene.streams()) {
      const { stream_options: _asked, ...body } = exchange.body;
      const rest = withoutUsage(exchange.answer);
      if (rest === exchange.answer) continue;
      const played = await scene.play({ ...exchange, body }, () => asRecorded(exchange));
      // OpenRouter tells it unasked, and it passes.
      if (played.received[0]?.host === "openrouter.ai") continue;
      withheld += 1;
      problems.push(...problemsOfWithheld(played, rest).map((each) => `${exchange.id}: ${each}`));
    }
    expect(withheld).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });
});
