import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../src/catalog/built-in.ts";
import { compile } from "../../src/compile/compile.ts";
import { originsOf } from "../../src/compile/origins.ts";
import type { Place } from "../../src/diagnostics/diagnostic.ts";
import { loadPolicy } from "../../src/policy/load-policy.ts";
import type { StepSpec } from "../../src/terms/program.ts";
import { projectRoot } from "../support/cli-io.ts";

function read(text: string, file = "p.yaml") {
  const { kinds } = builtInCatalog;
  const included = (path: string) => readFileSync(join(projectRoot, dirname(file), path));
  const { policy, diagnostics } = loadPolicy(text, { file, env: {}, kinds, read: included });
  if (!policy) throw new TypeError(diagnostics.map(({ message }) => message).join("; "));
  const { program } = compile(policy, builtInCatalog);
  return { text: policy.text, policy, program, origins: originsOf(policy, program) };
}

/** What must stand at the place of a step. */
function sign(step: StepSpec): string {
  switch (step.kind) {
    case "target":
      return step.entry.target;
    case "requested":
      return "requested";
    case "pick":
      return step.pick;
  }
}

const policies = globSync("{policies,test/golden/ok}/*.yaml", { cwd: projectRoot }).filter(
  (file) => !file.endsWith(".test.yaml"),
);

describe("originsOf", () => {
  it.for(policies)("finds the parts of %s where they are written", (file) => {
    const { policy, program, origins } = read(readFileSync(join(projectRoot, file), "utf8"), file);
    const textAt = ({ file: of, span }: Place, length: number) =>
      policy.sources.get(of)?.slice(span.start, span.start + length);
    for (const name of Object.keys(program.providers)) {
      const place = origins.providers[name];
      expect(place && textAt(place, name.length)).toBe(name);
    }
    expect(origins.routes.length).toBe(program.routes.length);
    for (const [index, { name }] of program.routes.entries()) {
      const place = origins.routes[index];
      expect(place && textAt(place, 80)).toContain(name);
    }
    expect(origins.ceilings.length).toBe(program.ceilings.length);
    for (const chain of Object.values(program.chains)) {
      const { steps } = origins.chains[chain.name] ?? { steps: [] };
      expect(steps.length).toBe(chain.steps.length);
      for (const [index, step] of chain.steps.entries()) {
        const place = steps[index];
        expect(place && textAt(place, 120)).toContain(sign(step));
      }
    }
  });

  it("points at the chain that wrote a step, and leaves out what stood before", () => {
    const { text, origins } = read(`version: 1
providers: { a: { kind: sandbox } }
routes: [{ name: all, use: main }]
chains:
  main:
    - a:one
    - chain: spare
    - pick: cheapest
      from: [a:one, a:four]
    - requested: ["a:*"]
  spare: [a:one, a:two, { pick: fastest, from: [a:two, a:one] }]
`);
    const line = ({ span }: Place) => text.slice(0, span.start).split("\n").length;
    expect(origins.chains.main?.steps.map(line)).toEqual([6, 11, 8, 10]);
  });
});
