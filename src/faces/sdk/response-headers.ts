import { formatUsd, type NanoUsd } from "../../terms/money.ts";

/** What a response says about how it was routed. */
export interface RoutingNotes {
  readonly requestId: string;
  readonly route?: string | undefined;
  /** The target that answered, or failed last. */
  readonly target?: string | undefined;
  readonly attempts: number;
  /** What all attempts cost, where that is known before the body. */
  readonly cost?: NanoUsd | undefined;
}

/** The headers `x-signalbox-*` of a response; what is not known is missing. */
export function routingHeaders(notes: RoutingNotes): Readonly<Record<string, string>> {
  const { requestId, route, target, attempts, cost } = notes;
  return {
    "x-signalbox-request-id": requestId,
    ...(route !== undefined && { "x-signalbox-route": headerText(route) }),
    ...(target !== undefined && { "x-signalbox-target": headerText(target) }),
    "x-signalbox-attempts": String(attempts),
    ...(cost !== undefined && { "x-signalbox-cost": formatUsd(cost) }),
  };
}

/** Headers hold no line ends and no letters beyond ASCII, which names of models may: those are percent-encoded. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/gu, (character) =>
    encodeURIComponent(character.toWellFormed()),
  );
}
