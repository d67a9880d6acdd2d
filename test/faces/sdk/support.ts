import {
  createRouter,
  type Router,
  type RouterEvent,
  type RouterOptions,
} from "../../../src/index.ts";

/** A key that must never be seen anywhere but in the header of a call to its own provider. */
export const canary = "sk-canary-9f8e7d6c5b4a39281706";

/** Two clouds that speak both formats through one stub, and a box that answers in-process. */
export const policy = `version: 1
providers:
  first:  { kind: openai, baseUrl: "https://first.example/v1", apiKey: { env: FIRST_KEY } }
  second: { kind: together, baseUrl: "https://second.example/v1", apiKey: { env: SECOND_KEY } }
  claude: { kind: anthropic, baseUrl: "https://claude.example/v1", apiKey: { env: CLAUDE_KEY } }
  router: { kind: openrouter, baseUrl: "https://router.example/v1", apiKey: { env: ROUTER_KEY } }
  box: { kind: sandbox }
models:
  "first:*": { price: { input: $1, output: $2 }, window: 100k, maxOutput: 4k }
  "second:*": { price: { input: $1, output: $2 }, window: 100k, maxOutput: 4k }
  "claude:*": { price: { input: $1, output: $2 }, window: 100k, maxOutput: 4k }
  "router:*": { price: { input: $1, output: $2 }, window: 100k, maxOutput: 4k }
  "box:*": { price: { input: $1, output: $2 }, window: 100k, maxOutput: 4k }
attributes:
  data: { values: [public, private], default: public }
  urgent: { type: boolean }
  level: { type: number }
retries:
  none: { maxRetries: 0, minDelay: 1ms, maxDelay: 1ms, retryBudget: 0% }
routes:
  - { name: private, match: { data: private }, deny: "private data stays here" }
  - { name: urgent, match: { urgent: true }, use: box }
  - { name: level, match: { level: { gte: 3 } }, use: box }
  - { name: project, match: { project: research }, use: box }
  - { name: boxed, match: { model: [box, summary] }, use: box }
  - { name: pinned, match: { model: ["first:*", "box:*"] }, use: pinned }
  - { name: steered, match: { model: steered }, use: steered }
  - { name: messages, match: { api: messages }, use: claude }
  - { name: rest, use: clouds }
chains:
  box: ["box:small"]
  clouds: ["first:big", "second:big"]
  claude: ["claude:sonnet"]
  steered: ["first:big", "router:any"]
  pinned: [{ requested: ["first:*", "box:*"] }]
defaults: { retry: none }
`;

export const env = {
  FIRST_KEY: `${canary}-first`,
  SECOND_KEY: `${canary}-second`,
  CLAUDE_KEY: `${canary}-claude`,
  ROUTER_KEY: `${canary}-router`,
};

/** One call that reached the stub in place of the network. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal;
}

export type Answering = (sent: Sent) => Response | Promise<Response>;

/** A `fetch` that notes what it is sent and answers as it is told. */
export function stub(answer: Answering): {
  readonly fetch: typeof globalThis.fetch;
  readonly sent: Sent[];
} {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const call = {
      url: String(input),
      headers: new Headers(init?.headers),
      body: JSON.parse(String(init?.body)),
      signal: init?.signal ?? new AbortController().signal,
    };
    sent.push(call);
    return answer(call);
  };
  return { fetch, sent };
}

export interface Opened {
  readonly router: Router;
  readonly sent: Sent[];
  readonly events: RouterEvent[];
}

/** A router over a stub. */
export async function open(
  answer: Answering = () => chatAnswer("hello"),
  options: RouterOptions & { readonly policy?: string } = {},
): Promise<Opened> {
  const { policy: text = policy, ...rest } = options;
  const { fetch, sent } = stub(answer);
  const events: RouterEvent[] = [];
  const router = await createRouter(text, {
    env,
    fetch,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  return { router, sent, events };
}

export const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };

export function chatAnswer(content: string, model = "big"): Response {
  const message = { role: "assistant", content };
  return Response.json(
    {
      id: "c1",
      object: "chat.completion",
      created: 1,
      model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage,
    },
    {
      headers: {
        "set-cookie": "session=1",
        "x-request-id": "up-1",
        "content-encoding": "identity",
      },
    },
  );
}

export function problem(
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { error: { message: "no", type: "x", param: null, code: null, ...error } },
    { status, headers },
  );
}

/** A stream of chat chunks; `hold` keeps it open after them, until it is cancelled or aborted. */
export function chatStream(pieces: readonly string[], signal: AbortSignal, hold = false): Response {
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "big", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const events = [
    chunk({ role: "assistant", content: "" }),
    ...pieces.map((content) => chunk({ content })),
  ];
  if (!hold) {
    events.push(chunk({}, "stop"));
    events.push(
      `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "big", choices: [], usage })}\n\n`,
    );
    events.push("data: [DONE]\n\n");
  }
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const event of events) controller.enqueue(encoder.encode(event));
      if (hold)
        signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

export const hello = { messages: [{ role: "user" as const, content: "hello there" }] };

/** Posts a body to the router's `fetch` as an SDK would. */
export function post(
  router: Router,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return router.fetch(`http://signalbox.invalid/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
