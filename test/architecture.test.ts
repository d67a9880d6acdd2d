import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";

/** Each room, and the rooms that it may know beside itself, `terms` and `diagnostics`. `terms` knows nobody. */
const knows: Readonly<Record<string, readonly string[]>> = {
  terms: [],
  diagnostics: [],
  catalog: [],
  dialects: ["catalog"],
  policy: ["catalog"],
  compile: ["catalog", "policy"],
  resolve: ["catalog"],
  analyze: ["catalog", "policy", "compile", "resolve"],
  run: ["catalog", "resolve", "dialects"],
  spend: ["run"],
  testing: ["catalog", "policy", "compile", "resolve", "analyze", "run", "spend"],
  providers: ["run", "dialects", "catalog"],
  faces: [
    "catalog",
    "dialects",
    "policy",
    "compile",
    "resolve",
    "analyze",
    "run",
    "spend",
    "providers",
    "testing",
  ],
};

/** Rooms without effects: what varies comes in as an argument. */
const pure = [
  "terms",
  "diagnostics",
  "catalog",
  "policy",
  "compile",
  "resolve",
  "analyze",
  "dialects",
  "testing",
];

const effects =
  /from "node:|\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(|\bset(Timeout|Interval|Immediate)\(|\bperformance\.|\bconsole\.(log|error|warn|info)\(/;

const root = join(import.meta.dirname, "..");

const files = globSync("src/**/*.ts", { cwd: root })
  .filter((path) => !path.endsWith(".d.ts"))
  .map((path) => ({
    path,
    room: path.split("/")[1] ?? "",
    text: readFileSync(join(root, path), "utf8"),
  }))
  .filter(({ path }) => path !== "src/index.ts");

/** The files that one file imports, type-only imports included, as paths from the root. */
function imports(path: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, to]) =>
    posix.join(dirname(path), to ?? ""),
  );
}

/** All files that loading one file loads; type-only and dynamic imports load nothing. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || !path.startsWith("src/")) return seen;
  seen.add(path);
  const text = readFileSync(join(root, path), "utf8");
  for (const statement of text.matchAll(
    /^(?:import\s*"|(?:import|export)\b(?! type)[^;"]*?\bfrom\s*")([^"]+)"/gm,
  )) {
    const to = statement[1] ?? "";
    if (!to.startsWith(".")) seen.add(to);
    else if (to.endsWith(".ts")) loaded(posix.join(dirname(path), to), seen);
  }
  return seen;
}

describe("architecture", () => {
  it("sees the source", () => expect(files.length).toBeGreaterThan(80));

  it.for(files)("$path knows only the rooms it may", ({ path, room, text }) => {
    expect(knows, `src/${room} is not a room`).toHaveProperty(room);
    const allowed = new Set([
      room,
      ...(room === "terms" ? [] : ["terms", "diagnostics"]),
      ...(knows[room] ?? []),
    ]);
    const strangers = imports(path, text).filter(
      (to) => to.startsWith("src/") && !allowed.has(to.split("/")[1] ?? ""),
    );
    expect(strangers).toEqual([]);
  });

  it.for(files.filter(({ room }) => pure.includes(room)))("$path has no effects", ({ text }) => {
    expect(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")).not.toMatch(effects);
  });

  it.for(files.filter(({ path }) => !/generated|\.data\./.test(path)))(
    "$path stays under 300 lines",
    ({ text }) => {
      expect(text.split("\n").length).toBeLessThan(300);
    },
  );

  it("loads neither yaml nor ajv with the resolver alone", () => {
    const modules = [...loaded("src/resolve/index.ts")];
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter((name) => name === "yaml" || name.startsWith("ajv"))).toEqual([]);
  });

  it("loads neither yaml, ajv nor an SDK with the embedded face", () => {
    const modules = [...loaded("src/index.ts")];
    expect(modules.length).toBeGreaterThan(30);
    const eager = modules.filter((name) => /^(yaml|ajv|openai|@anthropic-ai)/.test(name));
    expect(eager).toEqual([]);
  });
});
