import type { Router } from "../../sdk/router.types.ts";
import { columns } from "../paint.ts";
import { chat, type Played, play, type Stage } from "./play.ts";

/** The breaker of `shaky` rests this long before it lets a probe through; see `policies/demo.yaml`. */
const coolDownMs = 600;

/** A provider fails three calls: each is answered by the next target, then the breaker opens, and closes again. */
export async function sceneOutage({ router, paint, say, wait }: Stage): Promise<void> {
  const rows = [
    ["call", "breaker", "what happened", "answered by"].map((head) => paint("dim", head)),
  ];
  let before = "closed";
  const line = async (name: string) => {
    const breaker = breakerOf(router, before);
    before = breaker;
    const played = await play(router, chat("news", "Anything new on petrichor?"));
    rows.push([name, breaker, story(played), paint("green", played.target)]);
  };
  for (const call of ["1", "2", "3", "4", "5"]) await line(call);
  await wait(coolDownMs + 50);
  await line(`6, ${coolDownMs} ms later`);
  await line("7");
  say(columns(rows).join("\n"));
}

/** The breaker of `shaky:wire` as this call meets it: half-open when an open one first lets a call through again. */
function breakerOf(router: Router, before: string): string {
  const decision = router.resolve({ model: "news" });
  if (decision.skipped.some(({ because }) => because === "breaker_open")) return "open";
  return before === "open" ? "half-open" : "closed";
}

/** The attempts in order, skips first: `shaky:wire server_error → budget:small ok`. */
function story({ attempts, skips }: Played): string {
  const passed = skips.map(({ target, detail }) => `${target} skipped, ${detail}`);
  const made = attempts.map(({ target, outcome }) => `${target} ${outcome}`);
  return [...passed, ...made].join(" → ");
}
