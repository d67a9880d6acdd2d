import { type MetCeiling, metCeilings } from "../resolve/buckets.ts";
import type { Candidate } from "../resolve/candidate.ts";
import { eligible } from "../resolve/eligible.ts";
import type { Skip } from "../terms/decision.ts";
import { formatUsd } from "../terms/money.ts";
import { patiently } from "./ledger-patience.ts";
import { liveView } from "./live-view.ts";
import type { Permit, Reservation, ReservationLine } from "./ports.ts";
import { alert, type Progress } from "./progress.ts";
import { alertSoftCeilings } from "./soft-ceilings.ts";

/** Leave to make one attempt, with what it holds: all of it must be given back or used up. */
export interface Admission {
  readonly permit: Permit;
  /** Missing where no ceiling counts the attempt. */
  readonly reservationId?: string;
}

export type Admitted =
  | { readonly kind: "admitted"; readonly admission: Admission }
  | { readonly kind: "refused"; readonly skip: Skip };

/** A reservation outlives the longest request by this much before it counts as spent. */
const leaseSlackMs = 60_000;

/** How soon a ledger that could not be reached is worth another try. */
const ledgerRestMs = 1000;

/**
 * Asks whether a target may be tried now, and takes what an attempt needs, in this order: `eligible` with a fresh View,
 * the reservation of the worst case under every ceiling it meets, the breaker's permit. What is refused holds nothing.
 *
 * @param probing asks an open breaker for a probe (the panic rule)
 */
export async function admit(
  progress: Progress,
  candidate: Candidate,
  probing: boolean,
): Promise<Admitted> {
  const { engine, request, draw, resolution } = progress;
  const { linked, facts } = request;
  const view = liveView(engine, request, draw);
  const met = metCeilings(linked, facts, view);
  const skip =
    outgrown(progress, candidate) ??
    eligible(candidate, facts, view, met, resolution.stateProvider);
  if (skip && !(probing && skip.because === "breaker_open")) return { kind: "refused", skip };
  const counting = met.filter(({ ceiling }) => ceiling.admits(candidate.target));
  const reserved =
    counting.length === 0 ? undefined : await reserve(progress, candidate, counting, view.nowMs);
  if (typeof reserved === "object") return { kind: "refused", skip: reserved };
  const { breaker } = candidate.linked.provider;
  const permit = engine.breakers[probing ? "probe" : "permit"](candidate.target, breaker);
  if (permit) {
    return {
      kind: "admitted",
      admission: { permit, ...(reserved !== undefined && { reservationId: reserved }) },
    };
  }
  if (reserved !== undefined) await release(progress, reserved);
  return { kind: "refused", skip: noPermit(progress, candidate) };
}

/** Gives back what an attempt that is not made after all was given. */
export async function giveBack(progress: Progress, admission: Admission): Promise<void> {
  admission.permit.released();
  if (admission.reservationId !== undefined) await release(progress, admission.reservationId);
}

/** After a request proved too long for one window, only a larger or an unknown one is worth an attempt. */
function outgrown(progress: Progress, { target, linked }: Candidate): Skip | undefined {
  const { window } = linked.spec;
  if (window === undefined || window > progress.outgrownWindow) return undefined;
  const detail = `its window of ${window} is no larger than the one that was too small`;
  return { target, because: "context_length", detail };
}

/** Reserves the worst case. The id of the reservation, or why the target is skipped; `undefined` where none is held. */
async function reserve(
  progress: Progress,
  candidate: Candidate,
  counting: readonly MetCeiling[],
  nowMs: number,
): Promise<string | Skip | undefined> {
  const { engine, request, chain } = progress;
  progress.reservations += 1;
  // The draw is of this request alone: a caller's id that comes again is another request, and must be counted again.
  const id = `${request.requestId}/${progress.draw.toString(36).slice(2)}/${progress.reservations}`;
  const reservation: Reservation = {
    id,
    amount: candidate.worstCost ?? 0,
    lines: counting.map(lineOf),
    leaseUntilMs: nowMs + chain.totalMs + leaseSlackMs,
  };
  try {
    const reserving = engine.ledger.reserve(reservation, nowMs);
    const outcome = await progress.deadline.bound(patiently(engine.clock, reserving));
    if (outcome === undefined || outcome.kind === "silent") {
      releaseWhenReserved(progress, id, reserving);
      return withoutLedger(progress, candidate, reservation, "it does not answer");
    }
    if (outcome.kind === "refused") return overCeiling(candidate, counting, outcome);
    alertSoftCeilings(progress, counting, outcome.over);
    return id;
  } catch (thrown) {
    await release(progress, id);
    return withoutLedger(progress, candidate, reservation, thrown);
  }
}

function lineOf({ ceiling, bucket }: MetCeiling): ReservationLine {
  const { limit, exceeded } = ceiling.spec;
  return { bucket, limit, hard: exceeded.kind !== "warn" };
}

function overCeiling(
  { target, worstCost }: Candidate,
  counting: readonly MetCeiling[],
  refused: { readonly ceiling: string; readonly remaining: number },
): Skip {
  const met = counting.find(({ ceiling }) => ceiling.spec.name === refused.ceiling);
  const needs = `needs up to $${formatUsd(worstCost ?? 0)}`;
  return {
    target,
    because: "ceiling",
    detail: `${needs}, $${formatUsd(refused.remaining)} of \`${met?.bucket.name ?? refused.ceiling}\` is left`,
    ceiling: refused.ceiling,
    ...(met && met.ceiling.spec.per !== "request" && { untilMs: met.bucket.endMs }),
  };
}

/** A ledger that cannot be reached refuses under a hard ceiling; a soft one lets the attempt go uncounted. */
function withoutLedger(
  progress: Progress,
  { target }: Candidate,
  { lines }: Reservation,
  thrown: unknown,
): Skip | undefined {
  alert(progress, "ledger", `nothing could be reserved: ${String(thrown)}`, target);
  if (!lines.some(({ hard }) => hard)) return undefined;
  const untilMs = progress.engine.clock.now() + ledgerRestMs;
  return { target, because: "hold", detail: "the ledger cannot be reached", untilMs };
}

/** A reservation that came too late for anybody is given back. */
function releaseWhenReserved(progress: Progress, id: string, reserving: Promise<unknown>): void {
  reserving.then(
    () => release(progress, id),
    () => undefined,
  );
}

/** Gives a reservation back, and does not wait long for it: what is not given back counts as spent when its lease ends. */
async function release(progress: Progress, id: string): Promise<void> {
  const { ledger, clock } = progress.engine;
  try {
    const released = await patiently(clock, ledger.release(id));
    if (released) alert(progress, "ledger", "a reservation was not given back in time");
  } catch (thrown) {
    alert(progress, "ledger", `a reservation could not be given back: ${String(thrown)}`);
  }
}

function noPermit({ engine }: Progress, { target, linked }: Candidate): Skip {
  const view = engine.breakers.view(target, linked.provider.breaker);
  const skip = { target, because: "breaker_open", detail: "its breaker is open" } as const;
  return view.state === "open" ? { ...skip, untilMs: view.untilMs } : skip;
}
