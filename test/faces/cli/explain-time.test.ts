import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { registerExplain } from "../../../src/faces/cli/explain.ts";
import { runCli } from "../../../src/faces/cli/run-cli.ts";
import { recordedIo } from "../../support/cli-io.ts";

const policy = `version: 1
timezone: Europe/Berlin
providers: { a: { kind: sandbox }, b: { kind: sandbox } }
routes:
  - { name: night, match: { time: { days: [fri], hours: ["22:00-06:00"] } }, use: main }
  - { name: rest, match: { time: { days: [mon-sun] } }, deny: "come back at night" }
chains: { main: ["a:x", "b:x"] }
`;

async function explained(at: string, format: "pretty" | "json", text = policy) {
  const io = recordedIo({ "p.yaml": text });
  const program = new Command();
  registerExplain(program, io);
  await runCli(program, ["explain", "p.yaml", "--at", at, "--format", format], io);
  return io.written.out;
}

describe("explain --at", () => {
  it.for([
    ["2026-11-20T21:00:00Z", "fri 22:00", "night"],
    ["2026-11-20T20:59:59Z", "fri 21:59", "rest"],
    ["2026-11-21T04:59:59Z", "sat 05:59", "night"],
    ["2026-11-21T05:00:00Z", "sat 06:00", "rest"],
    // Summer time is two hours ahead.
    ["2026-07-17T20:00:00Z", "fri 22:00", "night"],
  ] as const)("%s is %s and takes the route %s", async ([at, moment, route]) => {
    expect(JSON.parse(await explained(at, "json"))).toMatchObject({
      route,
      moment: `${moment} Europe/Berlin`,
    });
  });

  it("shows the moment, and what was expected of it", async () => {
    const out = await explained("2026-11-20T20:00:00Z", "pretty");
    expect(out).toMatch(/time\s+fri 21:00 Europe\/Berlin/);
    expect(out).toContain("time: expected fri 22:00 to sat 06:00, found fri 21:00");
  });

  it("says nothing of the moment where no condition asks", async () => {
    const timeless = policy.replace(/match: \{ time: .* \}, use/, "use");
    const out = await explained(
      "2026-11-20T20:00:00Z",
      "json",
      timeless.replace(/ {2}- .*deny.*\n/, ""),
    );
    expect(JSON.parse(out)).not.toHaveProperty("moment");
  });
});
