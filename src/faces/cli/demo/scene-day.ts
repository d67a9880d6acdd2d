import { formatUsd } from "../../../terms/money.ts";
import { columns } from "../paint.ts";
import { chat, type DemoCall, play, type Stage } from "./play.ts";

interface Item {
  readonly agent: string;
  readonly about: string;
  readonly call: DemoCall;
}

const tool = {
  type: "function",
  function: {
    name: "final_result",
    parameters: { type: "object", properties: { score: { type: "integer" } }, required: ["score"] },
  },
};
const picture = [
  { type: "text", text: "What does this chart say?" },
  { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
];

/** A dozen calls that agents of one research project make in a day, no two of a kind. */
const day: readonly Item[] = [
  {
    agent: "query",
    about: "what to search for",
    call: chat("query", "Where does the smell of rain come from?"),
  },
  {
    agent: "query",
    about: "the same, streamed",
    call: chat("query", "Who coined the word petrichor?", { stream: true }),
  },
  {
    agent: "reflection",
    about: "what is still missing",
    call: chat("reflection", "What do these three summaries leave open?"),
  },
  {
    agent: "summary",
    about: "prose people read",
    call: chat("summary", "Condense these search results to one paragraph."),
  },
  {
    agent: "final-summary",
    about: "in Anthropic's format",
    call: {
      path: "messages",
      body: {
        model: "final-summary",
        max_tokens: 900,
        messages: [{ role: "user", content: "Write the report." }],
      },
    },
  },
  {
    agent: "evaluation",
    about: "must call a tool; for ann",
    call: chat("evaluation", "Score this report.", {
      tools: [tool],
      tool_choice: "required",
      user: "ann",
    }),
  },
  {
    agent: "evaluation",
    about: "the same for cleo: 3 in 4 go here",
    call: chat("evaluation", "Score this report.", {
      tools: [tool],
      tool_choice: "required",
      user: "cleo",
    }),
  },
  {
    agent: "reader",
    about: "a picture",
    call: chat("reader", "", { messages: [{ role: "user", content: picture }] }),
  },
  {
    agent: "reader",
    about: "a book: 160 kB of text",
    call: chat("reader", "petrichor ".repeat(16_000)),
  },
  {
    agent: "index",
    about: "vectors",
    call: { path: "embeddings", body: { model: "notes", input: "rain on dry soil" } },
  },
  {
    agent: "notebook",
    about: "names its target",
    call: chat("budget:small", "Translate: petrichor."),
  },
  {
    agent: "interview",
    about: "private: stays at home",
    call: {
      ...chat("summary", "Summarise my interview notes."),
      headers: { "x-signalbox-data": "private" },
    },
  },
  { agent: "somebody", about: "a model nobody declared", call: chat("gpt-17", "Hello?") },
];

/** Routes the day's calls and draws them as a table. */
export async function sceneDay({ router, paint, say }: Stage): Promise<void> {
  const rows = [
    ["agent", "asks for", "route", "answered by", "tokens", "cost"].map((head) =>
      paint("dim", head),
    ),
  ];
  let total = 0;
  for (const { agent, about, call } of day) {
    const { status, route, target, attempts } = await play(router, call);
    const last = attempts.at(-1);
    const cost = attempts.reduce((sum, attempt) => sum + (attempt.cost ?? 0), 0);
    total += cost;
    const usage = last?.usage ? `${last.usage.inputTokens} → ${last.usage.outputTokens}` : "";
    const answeredBy = status === 200 ? paint("green", target) : paint("red", `refused, ${status}`);
    rows.push([
      agent,
      about,
      route,
      answeredBy,
      usage,
      status === 200 ? `$${formatUsd(cost)}` : "",
    ]);
  }
  say(columns(rows).join("\n"));
  say(`  ${paint("dim", `${day.length} calls, $${formatUsd(total)} spent`)}`);
}
