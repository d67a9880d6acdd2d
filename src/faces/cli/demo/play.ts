import type { AttemptRecord } from "../../../run/ports.ts";
import type { JsonObject } from "../../../terms/json.ts";
import type { Router } from "../../sdk/router.types.ts";
import type { Paint } from "../paint.ts";

/** What every scene of the demo is given. */
export interface Stage {
  readonly router: Router;
  readonly paint: Paint;
  readonly say: (text: string) => void;
  readonly wait: (ms: number) => Promise<void>;
}

export interface DemoCall {
  readonly path: "chat/completions" | "messages" | "embeddings";
  readonly body: JsonObject;
  /** Headers that say who calls and about what: `x-signalbox-data` and the like. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call as it went, told by the answer and by the router's events. */
export interface Played {
  readonly status: number;
  readonly text: string;
  readonly route: string;
  readonly target: string;
  readonly attempts: readonly AttemptRecord[];
  /** Targets passed over while it ran, with the reason. */
  readonly skips: readonly { readonly target: string; readonly detail: string }[];
}

/** Sends one call through the router's `fetch`, as any SDK does, and reads the answer to its end. */
export async function play(router: Router, { path, body, headers }: DemoCall): Promise<Played> {
  const attempts: AttemptRecord[] = [];
  const skips: { target: string; detail: string }[] = [];
  const stop = [
    router.on("attempt", ({ attempt }) => attempts.push(attempt)),
    router.on("skip", ({ target, detail }) => skips.push({ target, detail })),
  ];
  const finished = new Promise<void>((resolve) => {
    stop.push(router.on("finished", () => resolve()));
  });
  const response = await router.fetch(`https://signalbox.invalid/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  await finished;
  for (const end of stop) end();
  return {
    status: response.status,
    text,
    route: response.headers.get("x-signalbox-route") ?? "–",
    target: response.headers.get("x-signalbox-target") ?? "–",
    attempts,
    skips,
  };
}

/** A chat call with one user message. */
export function chat(model: string, text: string, more: JsonObject = {}): DemoCall {
  return {
    path: "chat/completions",
    body: { model, messages: [{ role: "user", content: text }], ...more },
  };
}
