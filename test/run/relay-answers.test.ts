import { expect, it } from "vitest";
import { chatCall, createCallBench, createSource, eventStream, textOf } from "./call-bench.ts";

const choice = (index: number, finish: string | null) =>
  `data: ${JSON.stringify({ choices: [{ index, delta: { content: "a" }, finish_reason: finish }] })}\n\n`;

it("a stream of as many answers as the policy asks for is whole with the last of them", async () => {
  const source = createSource();
  const bench = createCallBench(() => eventStream(source.body), {
    sketch: { targets: [{ id: "a:m", params: { force: { n: 3 } } }] },
  });
  const going = bench.attempt(chatCall({ stream: true }));
  source.push(choice(0, "stop"));
  const start = await going;
  const text = textOf(start);
  await bench.clock.advance(10_000);
  const rest = choice(1, "stop") + choice(2, "stop");
  source.push(rest);
  await bench.clock.advance(10_000);
  expect(await text).toBe(choice(0, "stop") + rest);
});
