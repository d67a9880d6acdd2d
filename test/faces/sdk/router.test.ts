import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { builtInCatalog } from "../../../src/catalog/built-in.ts";
import { compile } from "../../../src/compile/compile.ts";
import { createMemoryLedger, createRouter, PolicyError, RouteError } from "../../../src/index.ts";
import { loadPolicy } from "../../../src/policy/load-policy.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { canary, chatStream, env, hello, open, policy, post } from "./support.ts";

function program(catalog = builtInCatalog) {
  const { policy: loaded } = loadPolicy(policy, { file: "p", env, kinds: catalog.kinds });
  if (!loaded) throw new TypeError("the policy of these tests is broken");
  return compile(loaded, catalog).program;
}

async function refusal(work: Promise<unknown>): Promise<PolicyError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!PolicyError.is(thrown)) throw new TypeError("expected a PolicyError", { cause: thrown });
  return thrown;
}

describe("createRouter", () => {
  it("takes a compiled Program, and a copy of it that went through JSON", async () => {
    const compiled = program();
    for (const given of [compiled, JSON.parse(JSON.stringify(compiled))]) {
      const router = await createRouter(given, { env });
      expect(router.revision).toBe(compiled.revision);
      expect(router.resolve({ model: "summary" })).toMatchObject({ kind: "route", route: "boxed" });
      await router.close();
    }
  });

  it("refuses a policy with errors, with places and all of them", async () => {
    const text =
      'version: 1\nproviders: { a: { kind: sandbox } }\nroutes:\n  - { name: r, use: chaep }\nchains:\n  cheap: ["b:x"]\n';
    const error = await refusal(createRouter(text));
    expect(error.message).toMatch(/^the policy has \d errors\n {2}policy:\d+:\d+ SB20\d .*chaep/);
    expect(error.diagnostics.map(({ code }) => code)).toContain("SB202");
    expect(error.diagnostics.map(({ code }) => code)).toContain("SB201");
  });

  it("refuses to start without a key that a route may need, and says where it is named", async () => {
    const error = await refusal(createRouter(policy, { env: { ...env, SECOND_KEY: undefined } }));
    expect(error.diagnostics).toMatchObject([{ code: "SB705", severity: "error", file: "policy" }]);
    expect(error.message).toContain(
      "policy:4:75 SB705 provider `second` has its key in the environment variable `SECOND_KEY`, which is not set",
    );
    expect(error.message).not.toContain(canary);
  });

  it("refuses a file that is not there", async () => {
    const error = await refusal(createRouter("no/such/policy.yaml"));
    expect(error.message).toBe("cannot read the policy `no/such/policy.yaml` (ENOENT)");
    const url = pathToFileURL("/no/such/policy.yaml");
    expect((await refusal(createRouter(url))).message).toContain("ENOENT");
  });

  it("refuses a Program of another catalog", async () => {
    const older = program({ ...builtInCatalog, version: "older" });
    const error = await refusal(createRouter(older, { env }));
    expect(error.message).toContain("compile it again");
  });

  it.for(["", new URL("https://example.com/policy.yaml"), { format: 2 }, undefined])(
    "takes no %o",
    async (given) => {
      await expect(createRouter(given as string)).rejects.toThrow(TypeError);
    },
  );

  it("loads neither YAML, nor the schema, nor an SDK for a compiled Program", () => {
    const script = `
      import { registerHooks } from "node:module";
      const seen = [];
      registerHooks({ load: (url, context, next) => { seen.push(url); return next(url, context); } });
      const { createRouter } = await import(${JSON.stringify(new URL("../../../src/index.ts", import.meta.url).href)});
      const router = await createRouter(JSON.parse(process.argv[1]), { env: JSON.parse(process.argv[2]) });
      await router.close();
      console.log(JSON.stringify(seen.filter((url) => /node_modules[/](yaml|ajv|openai|@anthropic-ai)[/]/.test(url))), seen.length > 50);`;
    const args = [
      "--input-type=module",
      "--eval",
      script,
      JSON.stringify(program()),
      JSON.stringify(env),
    ];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("[] true\n");
  });
});

describe("router.resolve", () => {
  it("decides in the world as it is, or as it is given", async () => {
    const { router } = await open();
    const live = router.resolve({ model: "x" });
    expect(live).toMatchObject({
      kind: "route",
      plan: [{ target: "first:big" }, { target: "second:big" }],
    });
    const given = router.resolve({ model: "x" }, { breakers: { "first:big": "open" } });
    expect(given).toMatchObject({
      plan: [{ target: "second:big" }],
      skipped: [{ because: "breaker_open" }],
    });
    await router.close();
  });

  it("throws at a request that says what it cannot", async () => {
    const { router } = await open();
    expect(() => router.resolve({ attributes: { tier: "x" } })).toThrow(RouteError);
    expect(() => router.resolve({ inputTokens: -1 })).toThrow(/inputTokens/);
    await router.close();
  });
});

describe("router.on", () => {
  it("tells each listener the events of its kind, until it leaves", async () => {
    const { router } = await open();
    const kinds: string[] = [];
    const leave = router.on(
      "decision",
      ({ kind, decision }) => void kinds.push(`${kind} ${decision.kind}`),
    );
    router.on("attempt", ({ attempt }) => void kinds.push(attempt.target));
    router.on("finished", ({ outcome }) => void kinds.push(outcome));
    await post(router, "/chat/completions", { model: "box", ...hello });
    leave();
    await post(router, "/chat/completions", { model: "box", ...hello });
    expect(kinds).toEqual(["decision route", "box:small", "ok", "box:small", "ok"]);
    await router.close();
  });

  it("warns once of a listener that throws, now or later, and goes on", async () => {
    const { router } = await open();
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => void warnings.push(message);
    process.on("warning", onWarning);
    let heard = 0;
    router.on("decision", () => {
      throw new RangeError("mine");
    });
    router.on("decision", (async () => Promise.reject(new RangeError("mine"))) as () => void);
    router.on("decision", () => void heard++);
    for (let call = 0; call < 2; call += 1) {
      expect((await post(router, "/chat/completions", { model: "box", ...hello })).status).toBe(
        200,
      );
    }
    await expect.poll(() => warnings.length).toBe(2);
    process.off("warning", onWarning);
    expect(warnings[0]).toContain('a listener of "decision" threw');
    expect(heard).toBe(2);
    await router.close();
  });
});

describe("router.close", () => {
  it("refuses what comes after it, and is the same the second time", async () => {
    const { router } = await open();
    const closing = router.close();
    expect(router.close()).toBe(closing);
    await closing;
    const response = await post(router, "/chat/completions", { model: "x", ...hello });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "closed" } });
    await expect(router.run({}, async () => ({ value: 1 }))).rejects.toMatchObject({
      code: "closed",
    });
    await expect(router.model("x").chat(hello)).rejects.toMatchObject({ code: "closed" });
  });

  it("waits for calls under way", async () => {
    let answer: (() => void) | undefined;
    const { router } = await open();
    const running = router.run(
      { model: "x" },
      () =>
        new Promise<{ value: string }>((resolve) => {
          answer = () => resolve({ value: "done" });
        }),
    );
    await expect.poll(() => answer).toBeDefined();
    let closed = false;
    const closing = router.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed).toBe(false);
    answer?.();
    expect(await running).toMatchObject({ value: "done" });
    await closing;
  });

  it("aborts calls that take longer than it is told to wait, and says so", async () => {
    const clock = createFakeClock();
    const { router, sent } = await open(({ signal }) => chatStream(["a"], signal, true), { clock });
    const response = await post(router, "/chat/completions", {
      model: "x",
      stream: true,
      ...hello,
    });
    const reading = response.text();
    const running = router.run({ model: "x" }, () => new Promise<never>(() => {}));
    const failed = expect(running).rejects.toMatchObject({ code: "closed" });
    const closing = router.close({ timeoutMs: 500 });
    await clock.advance(499);
    expect(sent[0]?.signal.aborted).toBe(false);
    await clock.advance(2000);
    expect(sent[0]?.signal.aborted).toBe(true);
    await failed;
    await reading.catch(() => undefined);
    await closing;
    expect(clock.pending()).toBe(0);
  });

  it("closes the ledger", async () => {
    const ledger = createMemoryLedger();
    let closed = 0;
    const { router } = await open(undefined, {
      ledger: { ...ledger, close: async () => void closed++ },
    });
    await router.close();
    await router.close();
    expect(closed).toBe(1);
  });

  it("is not needed for a process to end", () => {
    const script = `
      const { createRouter } = await import(${JSON.stringify(new URL("../../../src/index.ts", import.meta.url).href)});
      const router = await createRouter(${JSON.stringify(new URL("../../../policies/demo.yaml", import.meta.url).pathname)}, { env: {} });
      console.log(router.revision.length > 0);`;
    const args = ["--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, args, { encoding: "utf8", timeout: 15_000 })).toBe(
      "true\n",
    );
  });
});
