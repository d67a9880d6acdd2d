import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerDiff } from "../../../src/faces/cli/diff.ts";
import { registerReplay } from "../../../src/faces/cli/replay.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import type { DecisionRecord } from "../../../src/resolve/record.ts";
import { recordProblemCodes } from "../../../src/resolve/record-read.ts";
import { projectRoot, recordedIo } from "../../support/cli-io.ts";
import { linkedPolicy, logOf, recordOf } from "../../support/records.ts";

const page = (name: string) => readFileSync(join(projectRoot, "docs", name), "utf8");
const diffPage = page("diff.md");
const decisionsPage = page("decisions.md");

/** The policies that the page of `diff` writes out. */
const [before = "", after = ""] = [...diffPage.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, text]) => text ?? "",
);

/** Six requests of a morning, as a router over `before.yaml` would have kept them. */
function morning(): readonly DecisionRecord[] {
  const linked = linkedPolicy(before);
  const at = (minute: number) => ({ nowMs: Date.UTC(2026, 10, 22, 9, minute) });
  const free = { inputTokens: 900, outputTokens: 300, cost: 0 };
  const paid = { inputTokens: 40_000, outputTokens: 500, cost: 84_000_000 };
  return [
    recordOf(linked, "req-1", { model: "plan", inputTokens: 800, user: "ann" }, at(0), free),
    recordOf(linked, "req-2", { model: "write", inputTokens: 38_000, user: "ann" }, at(2), paid),
    recordOf(
      linked,
      "req-3",
      { model: "write", inputTokens: 31_000, user: "bob", attributes: { data: "private" } },
      { ...at(3), spend: { day: 84_000_000 } },
      { inputTokens: 31_000, outputTokens: 400, cost: 0 },
    ),
    recordOf(linked, "req-4", { model: "plan", inputTokens: 700 }, at(5), {
      inputTokens: 700,
      outputTokens: 100,
      cost: 2_200_000,
      failed: ["desk:llama"],
    }),
  ];
}

const files = {
  "before.yaml": before,
  "after.yaml": after,
  "policy.yaml": before,
  "policy-new.yaml": after,
  "decisions.jsonl": logOf(morning()),
};

async function output(typed: string): Promise<string> {
  const io = recordedIo(files);
  const program = new Command("signalbox");
  registerDiff(program, io);
  registerReplay(program, io);
  const [, ...args] = typed.split(" ");
  await runCli(program, args, io);
  return io.written.out + io.written.err;
}

const blocks = [diffPage, decisionsPage].flatMap((text) =>
  [...text.matchAll(/^```console\n\$ npx ([^\n]+)\n(.*?)^```$/gms)].map(([, typed, shown]) => ({
    typed: typed ?? "",
    shown: shown ?? "",
  })),
);

describe("the pages on changes and decisions", () => {
  it("show commands", () => expect(blocks.length).toBe(4));

  it.for(blocks)("show what `npx $typed` prints", async ({ typed, shown }) => {
    expect(shown).toBe(await output(typed));
  });

  it("show a record as it is written", () => {
    const [, shown = ""] = /^```json\n(.*?)^```$/ms.exec(decisionsPage) ?? [];
    const record = morning().find(({ requestId }) => requestId === "req-4");
    // The revision follows every change of the catalog; the rest does not.
    const masked = JSON.stringify(record, null, 1).replaceAll(/"[0-9a-f]{32}"/g, '"…"');
    expect(JSON.parse(shown)).toEqual(JSON.parse(masked));
  });

  it("list every code of a log's lines", () => {
    const listed = [...decisionsPage.matchAll(/^\| `(DR\d{3})` \|/gm)].map(([, code]) => code);
    expect(listed).toEqual(Object.keys(recordProblemCodes));
  });
});
