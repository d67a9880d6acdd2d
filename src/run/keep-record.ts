import { type Decided, decisionRecord, recordedUsage } from "../resolve/record.ts";
import type { RecordedAttempt } from "../resolve/record.types.ts";
import { type RecordingView, recordingView } from "../resolve/record-view.ts";
import type { Decision } from "../terms/decision.ts";
import { formatUsd, type NanoUsd } from "../terms/money.ts";
import type { View } from "../terms/view.ts";
import type { Engine, EngineRequest } from "./engine.types.ts";
import type { AttemptRecord } from "./ports.ts";
import type { Progress } from "./progress.ts";

/** Keeps the record of one request, from its decision to its end. */
export interface RecordKeeper {
  /** The View to decide with. */
  readonly watch: (view: View) => View;
  readonly decided: (decision: Decision) => void;
  /** Hands the record over; a request that ended before it was decided has none. */
  readonly ended: (progress: Progress | undefined, outcome: string) => void;
}

/** Where nobody asks for records, none is kept. */
const noRecord: RecordKeeper = { watch: (view) => view, decided: () => {}, ended: () => {} };

/** Keeps a record of a request where the engine is asked for records. */
export function keepRecord(engine: Engine, { facts, requestId }: EngineRequest): RecordKeeper {
  const { record } = engine;
  if (!record) return noRecord;
  let recording: RecordingView | undefined;
  let decided: Decided | undefined;
  return {
    watch: (view) => {
      recording = recordingView(view);
      return recording.view;
    },
    decided: (decision) => {
      if (recording) decided = { requestId, facts, view: recording.read(), decision };
    },
    ended: (progress, outcome) => {
      if (!decided) return;
      const { skips = [], records = [] } = progress ?? {};
      const passed = skips.map(({ target, because, detail }) => ({ target, because, detail }));
      const attempts = records.map(recordedAttempt);
      try {
        record(decisionRecord(decided, { passed, attempts, cost: costOf(records), outcome }));
      } catch {
        // As with an observer: who keeps records must not change what a request costs or gets.
      }
    },
  };
}

/** The sum, as far as every cost is known. */
function costOf(records: readonly AttemptRecord[]): NanoUsd | undefined {
  if (records.some(({ cost }) => cost === undefined)) return undefined;
  return records.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
}

/** Without the message of a failure: its class and status say what a log needs. */
function recordedAttempt(attempt: AttemptRecord): RecordedAttempt {
  const { reserved, cost, usage, status, firstOutputMs } = attempt;
  return {
    number: attempt.number,
    target: attempt.target,
    outcome: attempt.outcome,
    ...(status !== undefined && { status }),
    startedMs: attempt.startedMs,
    elapsedMs: attempt.elapsedMs,
    ...(firstOutputMs !== undefined && { firstOutputMs }),
    ...(reserved !== undefined && { reserved: formatUsd(reserved) }),
    ...(cost !== undefined && { cost: formatUsd(cost) }),
    ...(usage && { usage: recordedUsage(usage) }),
    changed: attempt.changed,
  };
}
