import { describe, expect, it } from "vitest";
import { watchAttempt } from "../../src/run/attempt-watch.ts";
import { lookAhead } from "../../src/run/look-ahead.ts";
import { createSystemClock } from "../../src/run/system-clock.ts";

const watching = () => watchAttempt(createSystemClock(), new AbortController().signal);

function inPieces(pieces: readonly string[], ends: "closes" | "errors" | "stays" = "closes") {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece));
        if (ends === "closes") controller.close();
      },
      pull: (controller) => {
        if (ends === "errors") controller.error(new TypeError("terminated"));
      },
    }),
    { status: 201, headers: { "x-kept": "yes" } },
  );
}

describe("looking ahead", () => {
  it("reads no more than a megabyte of blanks", async () => {
    let made = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        made += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(32));
      },
    });
    const watch = watching();
    const looked = await lookAhead(new Response(body), watch);
    watch.close();
    expect(looked.first).toBeUndefined();
    expect(made).toBeLessThan(20);
    await looked.response.body?.cancel();
  });

  it.for([
    [["data: {}\n\n"], "d"],
    [["\n", " \t", '{"id":1}'], "{"],
    [["\uFEFF", ": ping\n"], ":"],
    [["", "  "], undefined],
  ] as const)("%j begins with %s, and nothing of it is taken", async ([pieces, first]) => {
    const watch = watching();
    const looked = await lookAhead(inPieces(pieces), watch);
    watch.close();
    expect(looked.first).toBe(first);
    const { status, headers } = looked.response;
    expect([status, headers.get("x-kept")]).toEqual([201, "yes"]);
    const bytes = new Uint8Array(await looked.response.arrayBuffer());
    expect(bytes).toEqual(new TextEncoder().encode(pieces.join("")));
  });

  it("a body that breaks breaks for its reader, after what had come", async () => {
    const watch = watching();
    const { first, response } = await lookAhead(inPieces([" "], "errors"), watch);
    watch.close();
    expect(first).toBeUndefined();
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("an abort ends the wait", async () => {
    const watch = watching();
    const looking = lookAhead(inPieces([], "stays"), watch);
    watch.abort(new TypeError("gone"));
    expect((await looking).first).toBeUndefined();
    watch.close();
  });

  it("a response without a body begins with nothing", async () => {
    const watch = watching();
    const empty = new Response(null, { status: 200 });
    expect(await lookAhead(empty, watch)).toEqual({ response: empty });
    watch.close();
  });
});
