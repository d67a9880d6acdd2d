import { createRouter } from "../src/faces/sdk/create-router.ts";
import { line, timeAsync } from "./measure.ts";

const policy = `version: 1
providers:
  openai: { kind: openai }
  groq: { kind: groq }
routes:
  - { name: all, use: answer }
chains:
  answer: ["openai:gpt-4o", "groq:llama-3.3-70b-versatile"]
ceilings:
  - { name: one-request, limit: $2, per: request }
  - { name: month, limit: $1000000, per: month }
defaults: { maxOutputTokens: 4k }
`;

const answer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 200, completion_tokens: 3, total_tokens: 203 },
});

const body = JSON.stringify({
  model: "summary",
  messages: [
    { role: "system", content: "You are a precise information compiler. ".repeat(10) },
    { role: "user", content: "Condense these search results to one paragraph. ".repeat(10) },
  ],
});

const init = { method: "POST", headers: { "content-type": "application/json" }, body };
const url = "http://localhost/v1/chat/completions";

/** The provider: an answer from memory, as a `Response`, as any fetch gives it. */
async function stubFetch(): Promise<Response> {
  return new Response(answer, { headers: { "content-type": "application/json" } });
}

/** Reports what routing adds to a call whose provider answers at once; a request of 1 kB, not streamed. */
export async function benchRun(): Promise<void> {
  const env = { OPENAI_API_KEY: "stub", GROQ_API_KEY: "stub" };
  const router = await createRouter(policy, { env, fetch: stubFetch });
  const request = { model: "summary", inputTokens: 250 };
  const call = async () => (await stubFetch()).json();
  console.log(
    `\nrun: one target, two ceilings, a ${body.length}-byte chat request over a stub fetch`,
  );
  console.log(
    line(
      "  the stub fetch alone, body read",
      await timeAsync(async () => (await stubFetch()).json()),
      "µs",
    ),
  );
  console.log(
    line(
      "  router.run with the stub as its call",
      await timeAsync(() => router.run(request, async () => ({ value: await call() }))),
      "µs",
    ),
  );
  console.log(
    line(
      "  router.fetch, body read",
      await timeAsync(async () => (await router.fetch(url, init)).json()),
      "µs",
    ),
  );
  await router.close();
}
