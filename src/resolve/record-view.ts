import { formatUsd, type NanoUsd, parseUsd } from "../terms/money.ts";
import type { TargetId } from "../terms/target.ts";
import type { BreakerView, Bucket, Hold, View } from "../terms/view.ts";
import type { DecisionRecord, ViewRecord } from "./record.types.ts";

/** A View that notes what is read of it. */
export interface RecordingView {
  readonly view: View;
  /** What has been read so far. */
  readonly read: () => ViewRecord;
}

/**
 * Wraps a View so that what a decision reads of it can be written down.
 *
 * Each thing is read once and then remembered: a decision sees one state of the world even where the world moves on
 * while it is made, and what is written down is what it saw.
 */
export function recordingView(inner: View): RecordingView {
  const breakers = new Map<TargetId, BreakerView>();
  const holds = new Map<TargetId, Hold | undefined>();
  const spent = new Map<string, { readonly name: string; readonly nano: NanoUsd }>();
  const firstOutputMs = new Map<TargetId, number | undefined>();
  const credentials = new Map<string, boolean>();
  const view: View = {
    nowMs: inner.nowMs,
    draw: inner.draw,
    requestId: inner.requestId,
    breaker: (target) => once(breakers, target, inner.breaker),
    hold: (target) => once(holds, target, inner.hold),
    spent: (bucket) =>
      once(spent, bucket.key, () => ({ name: bucket.name, nano: inner.spent(bucket) })).nano,
    firstOutputMs: (target) => once(firstOutputMs, target, inner.firstOutputMs),
    hasCredential: (provider) => once(credentials, provider, inner.hasCredential),
  };
  const read = (): ViewRecord => ({
    nowMs: view.nowMs,
    draw: view.draw,
    breakers: Object.fromEntries(breakers),
    holds: Object.fromEntries([...holds].map(([target, hold]) => [target, hold ?? null])),
    spent: Object.fromEntries(
      [...spent].map(([key, { name, nano }]) => [key, { name, usd: formatUsd(nano) }]),
    ),
    firstOutputMs: Object.fromEntries(
      [...firstOutputMs].map(([target, ms]) => [target, ms ?? null]),
    ),
    hasCredential: Object.fromEntries(credentials),
  });
  return { view, read };
}

function once<K, V>(known: Map<K, V>, key: K, read: (key: K) => V): V {
  if (!known.has(key)) known.set(key, read(key));
  return known.get(key) as V;
}

/** A View out of a record. */
export interface RecordedView {
  readonly view: View;
  /**
   * Tells how many things were asked for that the record does not hold, because the decision it is of did not ask:
   * they are taken to be healthy, unspent, unmeasured and with a credential.
   */
  readonly assumed: () => number;
}

/** The world as a recorded decision saw it. */
export function recordedView({ view, requestId }: DecisionRecord): RecordedView {
  const assumed = new Set<string>();
  const look = <V>(kind: string, entries: Readonly<Record<string, V>>, name: string) => {
    if (Object.hasOwn(entries, name)) return entries[name];
    assumed.add(`${kind} ${name}`);
    return undefined;
  };
  const spent = (bucket: Bucket) => {
    const entry = look("spent", view.spent, bucket.key);
    return (entry && parseUsd(entry.usd)) ?? 0;
  };
  return {
    view: {
      nowMs: view.nowMs,
      draw: view.draw,
      requestId,
      breaker: (target) => look("breaker", view.breakers, target) ?? { state: "closed" },
      hold: (target) => look("hold", view.holds, target) ?? undefined,
      spent,
      firstOutputMs: (target) => look("firstOutputMs", view.firstOutputMs, target) ?? undefined,
      hasCredential: (provider) => look("hasCredential", view.hasCredential, provider) ?? true,
    },
    assumed: () => assumed.size,
  };
}
