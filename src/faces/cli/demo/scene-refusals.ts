import { isJsonObject } from "../../../terms/json.ts";
import { formatUsd } from "../../../terms/money.ts";
import { chat, play, type Stage } from "./play.ts";

/** A stream that breaks off after its first words: the caller gets those, then an explicit error, never a clean end. */
export async function sceneCut({ router, paint, say }: Stage): Promise<void> {
  const { text } = await play(router, chat("stream", "Tell me about rain.", { stream: true }));
  const events = text.split("\n\n").flatMap(eventData);
  const words = events.map(deltaOf).join("");
  const error = events.map(({ error: found }) => found).find(isJsonObject);
  say(`  received   ${words.trim()} …`);
  say(`  then       ${paint("red", `error ${String(error?.code)}`)}: ${String(error?.message)}`);
  say(
    `  ${paint("dim", "no other target continues somebody else's sentence, and a cut answer never looks whole")}`,
  );
}

function eventData(frame: string): readonly Record<string, unknown>[] {
  const data = /^data: (\{.*)$/m.exec(frame)?.[1];
  return data === undefined ? [] : [JSON.parse(data) as Record<string, unknown>];
}

function deltaOf({ choices }: Record<string, unknown>): string {
  const [first] = (choices ?? []) as readonly { readonly delta?: { readonly content?: string } }[];
  return first?.delta?.content ?? "";
}

/** An intern with 2.7 cents a day: the call that could pass them is refused before it is sent. */
export async function sceneCeiling({ router, paint, say }: Stage): Promise<void> {
  for (let call = 1; call <= 9; call++) {
    const played = await play(
      router,
      chat("intern", "Explain the water cycle, at length.", { max_tokens: 1500 }),
    );
    const cost = played.attempts.reduce((sum, attempt) => sum + (attempt.cost ?? 0), 0);
    const decision = router.resolve({ model: "intern" });
    const left =
      decision.kind === "route"
        ? decision.ceilings.find(({ name }) => name === "intern-day")
        : undefined;
    if (played.status === 200) {
      const remains = left ? `, $${formatUsd(left.remaining)} left today` : "";
      say(`  call ${call}   ${paint("green", played.target)} for $${formatUsd(cost)}${remains}`);
    } else {
      say(
        `  call ${call}   ${paint("red", `refused, ${played.status}`)}: ${messageOf(played.text)}`,
      );
      return;
    }
  }
}

/** A private request while the machine at home rests: it is refused rather than sent out. */
export async function scenePrivate({ router, paint, say }: Stage): Promise<void> {
  const request = { model: "summary", attributes: { data: "private" } };
  const decision = router.resolve(request, { breakers: { "desk:llama-8b": "open" } });
  const open = router.resolve(request);
  if (open.kind === "route")
    say(`  at home      plan: ${open.plan.map(({ target }) => paint("green", target)).join(", ")}`);
  if (decision.kind === "deny") {
    say(`  home is down ${paint("red", `denied, ${decision.because}`)}: ${decision.detail}`);
  }
  say(
    `  ${paint("dim", "the route of private requests names no other target, so there is none to fall back to")}`,
  );
}

function messageOf(text: string): string {
  const { error } = JSON.parse(text) as { readonly error?: { readonly message?: string } };
  return error?.message ?? text;
}
