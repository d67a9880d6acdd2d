import { describe, expect, it } from "vitest";
import { kinds } from "../../src/catalog/kinds.ts";
import { branchesOf, definitionOf, policySchema } from "../../src/policy/shape/definitions.ts";
import { knownPatterns } from "../../src/policy/shape/forms.ts";
import { abilities, apis, needs } from "../../src/terms/api.ts";
import { becauses, failureClasses } from "../../src/terms/failure-class.ts";
import { isJsonObject, type JsonObject } from "../../src/terms/json.ts";
import { ceilingPeriods, sandboxFaults } from "../../src/terms/program.ts";

interface Node {
  readonly at: string;
  readonly node: JsonObject;
}

/** Every schema in the schema: definitions, properties, items, branches. */
function* nodesOf(node: JsonObject, at: string): Generator<Node> {
  yield { at, node };
  for (const name of ["properties", "$defs"]) {
    const members = node[name];
    if (!isJsonObject(members)) continue;
    for (const [key, inner] of Object.entries(members)) {
      if (isJsonObject(inner)) yield* nodesOf(inner, `${at}/${name}/${key}`);
    }
  }
  for (const name of ["items", "additionalProperties"]) {
    const inner = node[name];
    if (isJsonObject(inner)) yield* nodesOf(inner, `${at}/${name}`);
  }
  for (const [index, branch] of Object.entries(node.oneOf ?? [])) {
    if (isJsonObject(branch)) yield* nodesOf(branch, `${at}/oneOf/${index}`);
  }
}

const nodes = [...nodesOf(policySchema, "")];

function enumAt(definition: string, property: string): readonly unknown[] {
  const node =
    nodes.find(({ at }) => at === `/$defs/${definition}/properties/${property}`)?.node ?? {};
  const items = isJsonObject(node.items) ? node.items : node;
  return (items.enum ?? []) as readonly unknown[];
}

describe("policy.schema.json", () => {
  it("describes every property, in a sentence", () => {
    const properties = nodes.filter(({ at }) => /\/properties\/[^/]+$/.test(at));
    expect(properties.length).toBeGreaterThan(100);
    const silent = properties.filter(
      ({ node }) => !/^[A-Z`].+\.$/.test(String(definitionOf(node).description)),
    );
    expect(silent.map(({ at }) => at)).toEqual([]);
  });

  it("closes every object but `match`, maps of names and the JSON of `params`", () => {
    const open = nodes.filter(
      ({ node }) => node.type === "object" && node.additionalProperties !== false,
    );
    const places = open
      .map(({ at }) => at)
      .filter((at) => !/\/properties\/(default|force)$/.test(at));
    expect(places).toEqual([
      "/properties/providers",
      "/properties/models",
      "/properties/attributes",
      "/properties/chains",
      "/properties/breakers",
      "/properties/retries",
      "/$defs/Provider",
      ...["KnownProvider", "ForwardingProvider", "CompatibleProvider", "SandboxProvider"].map(
        (name) => `/$defs/${name}/properties/labels`,
      ),
      "/$defs/Key/properties/set",
      "/$defs/Match",
      "/$defs/Selector/properties/labels",
    ]);
  });

  it("keeps to what editors and the type generator read alike", () => {
    const refused = [
      "allOf",
      "anyOf",
      "not",
      "if",
      "then",
      "else",
      "prefixItems",
      "patternProperties",
    ];
    const used = nodes.filter(({ node }) => refused.some((word) => word in node));
    const loaded = nodes.filter(({ node }) => "$ref" in node && Object.keys(node).length > 1);
    expect([...used, ...loaded].map(({ at }) => at)).toEqual([]);
  });

  it("has words for every pattern, so that no finding speaks in regular expressions", () => {
    const patterns = nodes.flatMap(({ node }) => {
      const names = isJsonObject(node.propertyNames) ? node.propertyNames.pattern : undefined;
      return [node.pattern, names].filter((pattern) => typeof pattern === "string");
    });
    expect(new Set(patterns)).toEqual(knownPatterns);
  });

  it("tells the branches of each union apart by type, by kind, or by a key of their own", () => {
    for (const { at, node } of nodes) {
      const objects = branchesOf(node)?.filter((branch) => branch.type === "object") ?? [];
      if (objects.length < 2 || "discriminator" in node) continue;
      const keys = objects.map((branch) => {
        const required = branch.required as readonly string[] | undefined;
        return required?.slice(0, 1) ?? Object.keys(branch.properties ?? {});
      });
      expect(new Set(keys.flat()).size, at).toBe(keys.flat().length);
    }
  });
});

describe("the words of the schema", () => {
  it.for([
    { what: "abilities", listed: enumAt("Model", "can"), known: abilities },
    { what: "needs", listed: enumAt("NeedsTest", "all"), known: needs },
    { what: "API formats", listed: enumAt("SandboxProvider", "api"), known: apis },
    { what: "periods", listed: enumAt("Ceiling", "per"), known: ceilingPeriods },
    { what: "sandbox faults", listed: enumAt("SandboxFault", "with"), known: sandboxFaults },
    {
      what: "kinds",
      listed: [
        ...enumAt("KnownProvider", "kind"),
        ...enumAt("ForwardingProvider", "kind"),
        "openai-compatible",
        "sandbox",
      ],
      known: Object.keys(kinds),
    },
    {
      what: "failure classes and reasons",
      listed: enumAt("ChainBlock", "on"),
      known: [
        ...failureClasses,
        ...becauses.filter((because) => !failureClasses.some((each) => each === because)),
      ].filter((word) => !["policy", "no_route", "cancelled", "invalid_request"].includes(word)),
    },
  ])("lists the same $what as the code", ({ listed, known }) => {
    expect(new Set(listed)).toEqual(new Set(known));
    expect(listed.length).toBe(known.length);
  });
});
