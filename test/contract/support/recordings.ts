import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/terms/json.ts";
import { dataFolder } from "../../support/data.ts";

/** One recorded exchange that can be played again: what was asked, and the answer as it was stored. */
export interface Exchange {
  readonly id: string;
  readonly repo: string;
  /** Host and path of the recorded call, `api.openai.com/v1/embeddings`; missing where it was scrubbed. */
  readonly address?: string;
  /** With its `?`, or empty. */
  readonly query: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly stream: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that the upstream answers with, as text. */
  readonly answer: string;
  /** Runs of data were shortened when it was stored: still valid, but not what once went over the wire. */
  readonly shortened: boolean;
}

/** Why a recorded exchange cannot be played. */
export type Unplayable =
  | "no request was recorded"
  | "the request was dropped for its size"
  | "the answer was dropped for its size"
  | "the recorded answer is empty";

export interface Recordings {
  readonly file: string;
  readonly exchanges: readonly Exchange[];
  /** By reason, how many cannot be played. */
  readonly unplayable: ReadonlyMap<Unplayable, number>;
}

interface StoredLine {
  readonly id: string;
  readonly repo: string;
  readonly url: string | null;
  readonly request_headers: Readonly<Record<string, string>> | null;
  readonly request_body: JsonValue;
  readonly status: number | null;
  readonly response_headers: Readonly<Record<string, string>> | null;
  readonly response_body: JsonValue;
  readonly body_format: string;
  readonly truncated_fields: number;
  readonly response_only?: boolean;
}

/** The repository whose own agent calls are replayed first. */
export const seedRepo = "lars20070/deepresearcher2";

/** Reads one file of recordings, `openai.embeddings` without its ending, in its order. */
export function readRecordings(file: string): Recordings {
  const text = readFileSync(join(dataFolder, "recordings", `${file}.jsonl`), "utf8");
  const exchanges: Exchange[] = [];
  const unplayable = new Map<Unplayable, number>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const stored = JSON.parse(line) as StoredLine;
    const why = unplayableBecause(stored);
    if (why === undefined) exchanges.push(exchangeOf(stored));
    else unplayable.set(why, (unplayable.get(why) ?? 0) + 1);
  }
  return { file, exchanges, unplayable };
}

function unplayableBecause(stored: StoredLine): Unplayable | undefined {
  const { request_body: request, response_body: answer } = stored;
  if (stored.response_only === true || !isJsonObject(request)) return "no request was recorded";
  if (request._dropped_chars !== undefined) return "the request was dropped for its size";
  if (stored.body_format === "dropped") return "the answer was dropped for its size";
  if (stored.body_format === "empty" || answer === null) return "the recorded answer is empty";
  return undefined;
}

function exchangeOf(stored: StoredLine): Exchange {
  const url = stored.url === null ? null : URL.parse(stored.url);
  const body = isJsonObject(stored.request_body) ? stored.request_body : {};
  const { response_body: answer } = stored;
  return {
    id: stored.id,
    repo: stored.repo,
    ...(url !== null && { address: `${url.host}${url.pathname}` }),
    query: url?.search ?? "",
    requestHeaders: stored.request_headers ?? {},
    body,
    stream: body.stream === true,
    status: stored.status ?? 200,
    headers: stored.response_headers ?? {},
    answer: typeof answer === "string" ? answer : JSON.stringify(answer),
    shortened: stored.truncated_fields > 0,
  };
}

/** What an answer says of itself at least; some recordings keep no headers. */
export function answerHeaders(stream: boolean): Readonly<Record<string, string>> {
  return { "content-type": stream ? "text/event-stream; charset=utf-8" : "application/json" };
}
