import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { builtInCatalog } from "../../../src/catalog/built-in.ts";
import { compile } from "../../../src/compile/compile.ts";
import { originsOf } from "../../../src/compile/origins.ts";
import { programJson } from "../../../src/compile/program-json.ts";
import { canonicalJson } from "../../../src/compile/revision.ts";
import { createRouter, PolicyError, type Program, readProgramJson } from "../../../src/index.ts";
import { loadPolicy } from "../../../src/policy/load-policy.ts";

const text = `version: 1
providers:
  a: { kind: sandbox, labels: { "revision": "x" } }
  origins: { kind: sandbox }
attributes: { team: { values: ["a\\nb", free], default: free } }
routes:
  - { name: some, match: { model: "x*", team: "a\\nb" }, use: main }
  - { name: rest, deny: "no, \\"not\\" that" }
chains: { main: ["origins:big", "a:x"] }
ceilings: [{ name: day, limit: $5, per: day, exceeded: warn }]
`;

function made(version = builtInCatalog.version): {
  readonly json: string;
  readonly program: Program;
} {
  const catalog = { ...builtInCatalog, version };
  const { policy } = loadPolicy(text, { file: "p.yaml", env: {}, kinds: catalog.kinds });
  if (!policy) throw new TypeError("the policy of these tests is broken");
  const { program } = compile(policy, catalog);
  const sources = new Map([["p.yaml", policy.text]]);
  return { program, json: programJson(program, originsOf(policy, program), sources) };
}

const { json, program } = made();
const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
afterAll(() => rmSync(folder, { recursive: true }));

function thrown(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (PolicyError.is(error)) return error.message;
    throw error;
  }
  return "nothing was thrown";
}

describe("a compiled policy as JSON", () => {
  it("holds the text that the revision is the hash of, but for line ends", () => {
    const { revision, ...content } = program;
    const start = `${canonicalJson(content).slice(0, -1)},"revision":"${revision}",`;
    expect(json.replaceAll("\n", "").startsWith(start)).toBe(true);
    expect(Object.keys(JSON.parse(json)).slice(-2)).toEqual(["revision", "origins"]);
  });

  it("is the same text for the same policy", () => expect(made().json).toBe(json));

  it("says where routes, steps, ceilings and providers came from, outside the revision", () => {
    const { origins, ...rest } = JSON.parse(json);
    expect(rest).toEqual(JSON.parse(JSON.stringify(program)));
    expect(origins).toEqual({
      ceilings: ["p.yaml:10"],
      chains: { main: { at: "p.yaml:9", steps: ["p.yaml:9", "p.yaml:9"] } },
      providers: { a: "p.yaml:3", origins: "p.yaml:4" },
      routes: ["p.yaml:7", "p.yaml:8"],
    });
  });

  it.for([
    { form: "as written", text: json },
    { form: "with the line ends of Windows", text: json.replaceAll("\n", "\r\n") },
    { form: "indented by a formatter", text: JSON.stringify(JSON.parse(json), null, 2) },
    { form: "on one line", text: JSON.stringify(JSON.parse(json)) },
    { form: "without origins", text: JSON.stringify(program) },
    {
      form: "with its members in another order",
      text: JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json)).reverse())),
    },
  ])("is read $form", ({ text: written }) => {
    expect(readProgramJson(written)).toEqual(JSON.parse(JSON.stringify(program)));
  });

  it.for([
    { what: "a limit", text: json.replace('"limit":5000000000', '"limit":9000000000') },
    { what: "the revision", text: json.replace(program.revision, "0".repeat(32)) },
    {
      what: "a member behind the origins",
      text: json.replace(/\}\n\}\n$/, '},\n"routes":[]\n}\n'),
    },
    {
      what: "a member written once more",
      text: json.replace('"revision":', '"timezone":"Asia/Tokyo",\n"revision":'),
    },
  ])("is refused where $what was changed", ({ text: written }) => {
    expect(written).not.toBe(json);
    expect(thrown(() => readProgramJson(written, "p.json"))).toBe(
      "`p.json` was changed after it was compiled: its revision is of other content (write it anew with `signalbox compile`)",
    );
  });

  it.for([
    { text: "nonsense", error: "`program` is not JSON: " },
    { text: "[]", error: "`program` is no compiled policy: expected a JSON object" },
    {
      text: json.replace('"format":1', '"format":2'),
      error: "`program` has a format that this release does not read: expected 1, found 2",
    },
    {
      text: '{"format":1,"revision":"x"}',
      error: "`program` is no compiled policy: expected a text under `catalog`",
    },
  ])("says what is wrong with $text", ({ text: written, error }) => {
    expect(thrown(() => readProgramJson(written))).toContain(error);
  });
});

describe("createRouter", () => {
  async function failure(policy: string | Program): Promise<string> {
    const router = await createRouter(policy, { env: {} }).catch((error: unknown) => error);
    return PolicyError.is(router) ? router.message : "no PolicyError";
  }

  it("takes the file, its text, and the value that was parsed from it", async () => {
    const path = join(folder, "policy.json");
    writeFileSync(path, json);
    for (const given of [path, json, JSON.parse(json) as Program, readProgramJson(json)]) {
      const router = await createRouter(given, { env: {} });
      expect(router.revision).toBe(program.revision);
      expect(router.resolve({ model: "xy", attributes: { team: "a\nb" } })).toMatchObject({
        kind: "route",
        route: "some",
      });
      await router.close();
    }
  });

  it("still takes a policy that is written in JSON", async () => {
    const path = join(folder, "written.json");
    const policy = {
      version: 1,
      providers: { a: { kind: "sandbox" } },
      routes: [{ name: "r", use: "m" }],
      chains: { m: ["a:x"] },
    };
    writeFileSync(path, JSON.stringify(policy, null, 1));
    const router = await createRouter(path, { env: {} });
    expect(router.resolve({})).toMatchObject({ route: "r" });
    await router.close();
  });

  it("refuses one that was edited, whatever form it comes in", async () => {
    const edited = json.replace('"limit":5000000000', '"limit":9000000000');
    const path = join(folder, "edited.json");
    writeFileSync(path, edited);
    for (const given of [path, edited, JSON.parse(edited) as Program]) {
      expect(await failure(given)).toContain("was changed after it was compiled");
    }
  });

  it("asks to compile again what another catalog compiled", async () => {
    expect(await failure(made("of last year").json)).toMatch(
      /catalog `of last year`.*compile it again/,
    );
  });
});
