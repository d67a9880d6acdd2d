import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import manifest from "../../../package.json" with { type: "json" };

describe("an SDK that is not installed", () => {
  it.for([
    ["openai", "openai"],
    ["@anthropic-ai/sdk", "anthropic"],
  ] as const)(
    "%s is asked for by name and version, and nothing else needs it",
    ([name, method]) => {
      const index = new URL("../../../src/index.ts", import.meta.url).href;
      const policy =
        "version: 1\nproviders: { a: { kind: sandbox } }\nroutes: [{ name: r, use: c }]\nchains: { c: ['a:x'] }\n";
      const script = `
      import { registerHooks } from "node:module";
      registerHooks({ resolve: (name, context, next) => {
        if (name === ${JSON.stringify(name)}) throw Object.assign(new Error("gone"), { code: "ERR_MODULE_NOT_FOUND" });
        return next(name, context);
      } });
      const { createRouter, MissingPeerError } = await import(${JSON.stringify(index)});
      const router = await createRouter(${JSON.stringify(policy)});
      const thrown = await router.${method}().catch((error) => error);
      console.log(JSON.stringify([thrown instanceof MissingPeerError, thrown.code, thrown.message]));
      await router.close();`;
      const args = ["--input-type=module", "--eval", script];
      const printed: unknown = JSON.parse(
        execFileSync(process.execPath, args, { encoding: "utf8" }),
      );
      const version = manifest.devDependencies[name];
      const message = `\`${name}\` is not installed: npm install ${name}@${version}`;
      expect(printed).toEqual([true, "missing_peer", message]);
    },
  );
});
