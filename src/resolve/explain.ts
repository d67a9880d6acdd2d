import type { Decision } from "../terms/decision.ts";
import type { Facts } from "../terms/facts.ts";
import type { TargetId } from "../terms/target.ts";
import type { View } from "../terms/view.ts";
import { type Failing, firstFailing, weekTime } from "./failing.ts";
import { asksForTime, type Linked } from "./link.ts";
import { resolution } from "./resolve.ts";

/** What `resolve` decides for a request, and how it came to that. */
export interface Explanation {
  readonly decision: Decision;
  /** The routes in file order up to the one that matched; every one of them where none did. */
  readonly considered: readonly RouteVerdict[];
  /** What is known of each target of the plan, skipped ones included, in plan order. */
  readonly targets: readonly TargetFacts[];
  /** The moment on the policy's clock, `fri 22:00 Europe/Berlin`, where any of its conditions tests the time. */
  readonly moment?: string;
}

export interface RouteVerdict {
  readonly route: string;
  /** The first condition that the request does not meet; missing where the route matched. */
  readonly failing?: Failing;
}

export interface TargetFacts {
  readonly target: TargetId;
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly window?: number;
  readonly priceSource?: string;
  /** The model whose price is used, where that is not the model asked for. */
  readonly priceOf?: string;
}

/**
 * Explains a decision. Walks the routes one by one without the compiled matchers, so that it is a second opinion.
 *
 * @throws TypeError where the walk and `resolve` disagree: that is a bug of ours, and no explanation would be true
 */
export function explain(linked: Linked, facts: Facts, view: View): Explanation {
  const considered: RouteVerdict[] = [];
  const minute = linked.minuteOfWeek(view.nowMs);
  for (const { name, when } of linked.program.routes) {
    const failing = firstFailing(when, facts, minute);
    considered.push({ route: name, ...(failing && { failing }) });
    if (!failing) break;
  }
  const { decision, candidates } = resolution(linked, facts, view);
  const last = considered.at(-1);
  const matched = last && !last.failing ? last.route : undefined;
  if (matched !== decision.route) {
    throw new TypeError(
      `explain found route ${matched ?? "none"}, resolve found ${decision.route ?? "none"}`,
    );
  }
  const targets = candidates.map(({ target, linked: { spec, provider } }) => ({
    target,
    kind: provider.kind,
    labels: provider.labels,
    ...(spec.window !== undefined && { window: spec.window }),
    ...(spec.price && { priceSource: spec.price.source }),
    ...(spec.price?.matched !== undefined && { priceOf: spec.price.matched }),
  }));
  const { program } = linked;
  const moment = asksForTime(program) && { moment: `${weekTime(minute)} ${program.timezone}` };
  return { decision, considered, targets, ...moment };
}
