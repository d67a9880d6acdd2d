import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { originsOf } from "../../src/compile/origins.ts";
import { includedPath } from "../../src/policy/include/included-path.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Loads `policies/main.yaml`, whose other files are given by their paths from its folder. */
function load(main: string, files: Files = {}) {
  const asked: string[] = [];
  const outcome = loadPolicy(main, {
    file: "policies/main.yaml",
    env: {},
    kinds: builtInCatalog.kinds,
    read: (path) => {
      asked.push(path);
      return Object.hasOwn(files, path) ? files[path] : undefined;
    },
  });
  const found = outcome.diagnostics.map(({ code, file, span }) => {
    const text = outcome.sources.get(file) ?? "";
    return `${file.replace("policies/", "")} ${code} ${text.slice(span.start, span.end)}`;
  });
  return { ...outcome, found, asked };
}

const rest = `providers: { a: { kind: openai }, b: { kind: anthropic } }
routes: [{ name: all, use: main }]
chains: { main: [a:x, b:y] }
`;

const including = (...paths: readonly string[]) =>
  `version: 1\ninclude: [${paths.map((path) => JSON.stringify(path)).join(", ")}]\n${rest}`;

const part = (text: string) => `version: 1\n${text}`;

interface Case {
  readonly name: string;
  readonly main: string;
  readonly files?: Files;
  readonly found: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "a file that is not there",
    main: including("x.yaml"),
    found: ['main.yaml SB211 "x.yaml"'],
  },
  {
    name: "every file that is not there",
    main: including("x.yaml", "y.yaml"),
    found: ['main.yaml SB211 "x.yaml"', 'main.yaml SB211 "y.yaml"'],
  },
  {
    name: "a file that is not UTF-8",
    main: including("x.yaml"),
    files: { "x.yaml": new Uint8Array([0x76, 0xff]) },
    found: ["x.yaml SB001 \uFFFD"],
  },
  {
    name: "a file that is no YAML",
    main: including("x.yaml"),
    files: { "x.yaml": "a: [" },
    found: ["x.yaml SB003 "],
  },
  {
    name: "an alias in an included file",
    main: including("x.yaml"),
    files: { "x.yaml": part("models: { a:x: *y }\n") },
    found: ["x.yaml SB004 *y"],
  },
  {
    name: "an empty file",
    main: including("x.yaml"),
    files: { "x.yaml": "# nothing\n" },
    found: ["x.yaml SB011 "],
  },
  {
    name: "a file that is a list",
    main: including("x.yaml"),
    files: { "x.yaml": "- 1\n" },
    found: ["x.yaml SB103 -"],
  },
  {
    name: "a file without its version",
    main: including("x.yaml"),
    files: { "x.yaml": "retries: {}\n" },
    found: ["x.yaml SB102 retries"],
  },
  {
    name: "a file of another version",
    main: including("x.yaml"),
    files: { "x.yaml": "version: 2\n" },
    found: ["x.yaml SB104 2"],
  },
  {
    name: "sections of the main file, each",
    main: including("x.yaml"),
    files: { "x.yaml": part("timezone: UTC\nroutes: nonsense\ndefaults: { maxAttempts: 0 }\n") },
    found: ["x.yaml SB213 timezone", "x.yaml SB213 routes", "x.yaml SB213 defaults"],
  },
  {
    name: "the main file itself",
    main: including("main.yaml"),
    found: ['main.yaml SB212 "main.yaml"'],
  },
  {
    name: "the main file, from a folder",
    main: including("deep/x.yaml"),
    files: { "deep/x.yaml": part("include: [../main.yaml]\n") },
    found: ["deep/x.yaml SB212 ../main.yaml"],
  },
  {
    name: "a file that includes itself under another path",
    main: including("deep/x.yaml"),
    files: { "deep/x.yaml": part("include: [./../deep/x.yaml]\n") },
    found: ["deep/x.yaml SB212 ./../deep/x.yaml"],
  },
  {
    name: "a name that two included files declare",
    main: including("x.yaml", "y.yaml"),
    files: {
      "x.yaml": part("retries: { r: { maxRetries: 1 } }\n"),
      "y.yaml": part("retries: { r: { maxRetries: 1 } }\n"),
    },
    found: ["y.yaml SB214 r"],
  },
  {
    name: "a name with the letters of a prototype, once",
    main: `${including("x.yaml")}retries: { constructor: { maxRetries: 1 } }\ndefaults: { retry: constructor }\n`,
    files: { "x.yaml": part("breakers: {}\n") },
    found: [],
  },
  {
    name: "two ceilings of one name",
    main: `${including("x.yaml")}ceilings: [{ name: c, limit: $1, per: day }]\n`,
    files: { "x.yaml": part("ceilings: [{ name: c, limit: $2, per: week }]\n") },
    found: ["main.yaml SB209 c"],
  },
  {
    name: "a reference to nothing, in the file that makes it",
    main: including("x.yaml"),
    files: { "x.yaml": part("chains: { spare: [c:z] }\n") },
    found: ["x.yaml SB201 c:z"],
  },
  {
    name: "a quantity that makes no sense, in its file",
    main: including("x.yaml"),
    files: { "x.yaml": part("breakers: { x: { window: 0s } }\n") },
    found: ["x.yaml SB107 0s"],
  },
  {
    name: "a warning, in its file",
    main: including("x.yaml"),
    files: { "x.yaml": part("breakers: { x: { window: 1s } }\n") },
    found: ["x.yaml SB801 x"],
  },
  {
    name: "a written key in an included file, whatever else is wrong",
    main: `${including("x.yaml")}nonsense: 1\n`,
    files: {
      "x.yaml": part(`providers: { c: { kind: openai, labels: { k: sk-${"a1".repeat(12)} } } }\n`),
    },
    found: ["main.yaml SB101 nonsense", `x.yaml SB702 sk-${"a1".repeat(12)}`],
  },
  {
    name: "an attribute that another file declares, tested in the wrong way",
    main: `${including("x.yaml", "y.yaml")}`,
    files: {
      "x.yaml": part("ceilings: [{ name: c, limit: $1, per: day, match: { team: [[]] } }]\n"),
      "y.yaml": part("attributes: { team: { type: string } }\n"),
    },
    found: ["x.yaml SB103 ["],
  },
  {
    name: "no providers in any file",
    main: "version: 1\ninclude: [x.yaml]\nroutes: [{ name: all, deny: no }]\n",
    files: { "x.yaml": part("models: {}\n") },
    found: ["main.yaml SB102 version"],
  },
  {
    name: "no providers, and nothing included",
    main: "version: 1\nroutes: [{ name: all, deny: no }]\n",
    found: ["main.yaml SB102 version"],
  },
  {
    name: "no routes",
    main: "version: 1\ninclude: [x.yaml]\n",
    files: { "x.yaml": part("providers: { a: { kind: openai } }\n") },
    found: ["main.yaml SB102 version"],
  },
  {
    name: "the same path twice",
    main: including("x.yaml", "x.yaml"),
    files: { "x.yaml": part("") },
    found: ['main.yaml SB112 "x.yaml"'],
  },
  {
    name: "no list of files",
    main: `version: 1\ninclude: x.yaml\n${rest}`,
    found: ["main.yaml SB103 x.yaml"],
  },
  {
    name: "an empty path, and one that is no text",
    main: `version: 1\ninclude: ["", 1]\n${rest}`,
    found: ['main.yaml SB109 ""', "main.yaml SB103 1"],
  },
];

describe("included files", () => {
  it.for(cases)("tell: $name", ({ main, files, found }) => {
    expect(load(main, files).found).toEqual(found);
  });

  it("need a folder to be in", () => {
    const options = { file: "policy", env: {}, kinds: builtInCatalog.kinds };
    const { diagnostics, policy } = loadPolicy(including("x.yaml"), options);
    expect(policy).toBeUndefined();
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ["SB211", "a policy that is a text has no folder to look in"],
    ]);
  });

  it("are read once each, from the main file's folder, and told also where they are not there", () => {
    const { asked, included } = load(including("deep/x.yaml", "y.yaml", "z.yaml"), {
      "deep/x.yaml": part("include: [../y.yaml, more/x.yaml]\n"),
      "deep/more/x.yaml": part(""),
      "y.yaml": part(""),
    });
    const paths = ["deep/x.yaml", "y.yaml", "deep/more/x.yaml", "z.yaml"];
    expect(asked).toEqual(paths);
    expect(included).toEqual(paths);
  });

  it("go eight deep and no deeper", () => {
    const chain = (depth: number): Files =>
      Object.fromEntries(
        Array.from({ length: depth }, (_, at) => [
          `${at + 1}.yaml`,
          part(at + 1 < depth ? `include: [${at + 2}.yaml]\n` : ""),
        ]),
      );
    expect(load(including("1.yaml"), chain(8)).found).toEqual([]);
    expect(load(including("1.yaml"), chain(9)).found).toEqual(["8.yaml SB211 9.yaml"]);
  });

  it("are at most 64, however they branch", () => {
    const names = Array.from({ length: 65 }, (_, at) => `${at}.yaml`);
    const files = Object.fromEntries(names.map((name) => [name, part("")]));
    expect(load(including(...names.slice(1)), files).found).toEqual([]);
    expect(load(including(...names), files).found).toEqual(['main.yaml SB211 "64.yaml"']);
  });

  it("cannot make a search of all ways through them", () => {
    const levels = Array.from({ length: 8 }, (_, level) => [`${level}a.yaml`, `${level}b.yaml`]);
    const files = Object.fromEntries(
      levels.flatMap((names, level) =>
        names.map((name) => [
          name,
          part(level < 7 ? `include: [${level + 1}a.yaml, ${level + 1}b.yaml]\n` : ""),
        ]),
      ),
    );
    expect(load(including("0a.yaml", "0b.yaml"), files).asked.length).toBe(16);
  });
});

describe("a policy of several files", () => {
  const files = {
    "parts/clouds.yaml": `version: 1
include: [limits.yaml]
providers: { b: { kind: anthropic } }
ceilings: [{ name: clouds, limit: $3, per: day }]
assert: [{ promise: two, total: true }]
`,
    "parts/limits.yaml": `version: 1
attributes: { team: { type: string, setBy: key } }
keys: [{ name: k, sha256: { env: K }, set: { team: x } }]
ceilings: [{ name: first, limit: $1, per: day, match: { team: x } }, { name: second, limit: $2, per: day }]
assert: [{ promise: one, total: true }]
`,
  };
  const main = `version: 1
include: [parts/clouds.yaml]
providers: { a: { kind: openai } }
routes: [{ name: all, use: main }]
chains: { main: [a:gpt-5, b:claude-sonnet-4-5] }
ceilings: [{ name: own, limit: $4, per: day }]
defaults: { maxOutputTokens: 8k }
`;
  const whole = `version: 1
providers: { b: { kind: anthropic }, a: { kind: openai } }
attributes: { team: { type: string, setBy: key } }
keys: [{ name: k, sha256: { env: K }, set: { team: x } }]
routes: [{ name: all, use: main }]
chains: { main: [a:gpt-5, b:claude-sonnet-4-5] }
ceilings:
  - { name: first, limit: $1, per: day, match: { team: x } }
  - { name: second, limit: $2, per: day }
  - { name: clouds, limit: $3, per: day }
  - { name: own, limit: $4, per: day }
assert: [{ promise: one, total: true }, { promise: two, total: true }]
defaults: { maxOutputTokens: 8k }
`;

  it("is the policy that one file would be", () => {
    const { policy, found } = load(main, files);
    expect(found).toEqual([]);
    const one = load(whole).policy;
    if (!policy || !one) throw new TypeError("expected two policies");
    expect(compile(policy, builtInCatalog)).toEqual(compile(one, builtInCatalog));
  });

  it("knows the file of each of its parts", () => {
    const { policy } = load(main, files);
    if (!policy) throw new TypeError("expected a policy");
    const textAt = (path: readonly (string | number)[]) => {
      const { file, span } = policy.placeOf(path);
      return `${file} ${policy.sources.get(file)?.slice(span.start, span.end)}`;
    };
    expect(textAt(["ceilings", 0, "match", "team"])).toBe("policies/parts/limits.yaml x");
    expect(textAt(["ceilings", 2, "name"])).toBe("policies/parts/clouds.yaml clouds");
    expect(textAt(["ceilings", 3, "name"])).toBe("policies/main.yaml own");
    expect(textAt(["providers", "b", "kind"])).toBe("policies/parts/clouds.yaml anthropic");
    expect(textAt(["attributes", "team", "no", "such"])).toBe(
      "policies/parts/limits.yaml { type: string, setBy: key }",
    );
    expect(policy.keyPlaceOf(["providers", "b"]).file).toBe("policies/parts/clouds.yaml");
    expect(policy.keyPlaceOf(["providers"]).file).toBe("policies/main.yaml");
    expect(policy.keyPlaceOf(["attributes"]).file).toBe("policies/parts/limits.yaml");
    const { program } = compile(policy, builtInCatalog);
    expect(originsOf(policy, program).ceilings.map(({ file }) => file)).toEqual([
      "policies/parts/limits.yaml",
      "policies/parts/limits.yaml",
      "policies/parts/clouds.yaml",
      "policies/main.yaml",
    ]);
  });
});

describe("the path of an included file", () => {
  it.for([
    ["x.yaml", "", "x.yaml"],
    ["./x.yaml", "", "x.yaml"],
    ["a//b/./x.yaml", "", "a/b/x.yaml"],
    ["../x.yaml", "a/b", "a/x.yaml"],
    ["../../x.yaml", "a/b", "x.yaml"],
    ["a/../x.yaml", "", "x.yaml"],
    ["..x/...yaml", "", "..x/...yaml"],
  ])("%s from `%s` is %s", ([written = "", folder = "", path]) => {
    expect(includedPath(written, folder)).toEqual({ kind: "path", path });
  });

  it.for([
    ["../x.yaml", ""],
    ["a/../../x.yaml", ""],
    ["../../../a/x.yaml", "a/b"],
    ["/etc/passwd", ""],
    ["~/x.yaml", ""],
    ["C:/x.yaml", ""],
    ["file:x.yaml", ""],
    ["https://example.com/x.yaml", ""],
    ["a\\x.yaml", ""],
    ["a/", ""],
    [".", ""],
    ["a/..", ""],
    ["*.yaml", ""],
    ["{a,b}.yaml", ""],
    ["[ab].yaml", ""],
  ])("%s from `%s` is none", ([written = "", folder = ""]) => {
    expect(includedPath(written, folder)).toMatchObject({ kind: "refused" });
  });
});
