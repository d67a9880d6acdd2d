import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createRouter, type ReloadEvent, type Router } from "../../../src/index.ts";
import { hello, post } from "./support.ts";

const text = (target: string) => `version: 1
providers: { box: { kind: sandbox }, other: { kind: sandbox, fail: { with: server_error, from: 1, to: 1 } } }
routes: [{ name: all, use: main }]
chains: { main: ["${target}"] }
defaults: { maxAttempts: 1 }
`;

const open: { router: Router; folder: string }[] = [];

afterEach(async () => {
  for (const { router, folder } of open.splice(0)) {
    await router.close();
    rmSync(folder, { recursive: true });
  }
});

/** A router over a file of its own; `prepare` says which path it is given. */
async function watching(prepare = writePlain) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
  const path = prepare(folder);
  const router = await createRouter(path, { env: {} });
  open.push({ router, folder });
  const reloads: ReloadEvent[] = [];
  router.on("reload", (event) => void reloads.push(event));
  const reloaded = (count: number) =>
    expect.poll(() => reloads.length, { timeout: 5000 }).toBe(count);
  return { router, folder, path, reloads, reloaded };
}

function writePlain(folder: string): string {
  writeFileSync(join(folder, "policy.yaml"), text("box:one"));
  return join(folder, "policy.yaml");
}

/** As Kubernetes mounts a ConfigMap: the file is a link through a folder that is a link. */
function writeLinked(folder: string): string {
  mkdirSync(join(folder, "..1"));
  writeFileSync(join(folder, "..1", "policy.yaml"), text("box:one"));
  symlinkSync("..1", join(folder, "..data"));
  symlinkSync(join("..data", "policy.yaml"), join(folder, "policy.yaml"));
  return join(folder, "policy.yaml");
}

function target(router: Router): string | undefined {
  const decision = router.resolve({});
  return decision.kind === "route" ? decision.plan[0]?.target : undefined;
}

describe("a policy file that changes", () => {
  it("frees targets that were held for what a person may have mended", async () => {
    const { router, path, reloaded } = await watching();
    const failing = text("box:one").replace(
      "sandbox }",
      "sandbox, fail: { with: auth, from: 1, to: 1 } }",
    );
    writeFileSync(path, failing);
    await reloaded(1);
    const statuses = async () => (await post(router, "/chat/completions", hello)).status;
    expect([await statuses(), await statuses()]).toEqual([502, 503]);
    writeFileSync(path, text("box:one"));
    await reloaded(2);
    expect(await statuses()).toBe(200);
  });

  it("is taken up when it is replaced in one step", async () => {
    const { router, folder, path, reloads, reloaded } = await watching();
    const before = router.revision;
    writeFileSync(join(folder, "next"), text("box:two"));
    renameSync(join(folder, "next"), path);
    await reloaded(1);
    expect(reloads[0]).toMatchObject({ kind: "reload", ok: true, revision: router.revision });
    expect(router.revision).not.toBe(before);
    expect(target(router)).toBe("box:two");
  });

  it("is taken up when its links are swapped, as a ConfigMap's are", async () => {
    const { router, folder, reloaded } = await watching(writeLinked);
    mkdirSync(join(folder, "..2"));
    writeFileSync(join(folder, "..2", "policy.yaml"), text("box:two"));
    symlinkSync("..2", join(folder, "..next"));
    renameSync(join(folder, "..next"), join(folder, "..data"));
    await reloaded(1);
    expect(target(router)).toBe("box:two");
  });

  it("is taken up through a link out of its folder, by the slow look", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "signalbox-"));
    const { router, reloaded } = await watching((folder) => {
      writeFileSync(join(elsewhere, "real.yaml"), text("box:one"));
      symlinkSync(join(elsewhere, "real.yaml"), join(folder, "policy.yaml"));
      return join(folder, "policy.yaml");
    });
    writeFileSync(join(elsewhere, "real.yaml"), text("box:two"));
    await reloaded(1);
    expect(target(router)).toBe("box:two");
    rmSync(elsewhere, { recursive: true });
  });

  it("changes nothing while it is half-written, and is told once; the whole one is taken up", async () => {
    const { router, path, reloads, reloaded } = await watching();
    const before = router.revision;
    writeFileSync(path, text("box:two"));
    truncateSync(path, text("box:two").indexOf("chains") + 12);
    await reloaded(1);
    expect(reloads[0]).toMatchObject({ ok: false, revision: before });
    expect(reloads[0]?.diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify(reloads[0])).toMatch(/policy\.yaml:\d+:\d+ SB\d{3}/);
    expect(target(router)).toBe("box:one");
    expect((await post(router, "/chat/completions", hello)).status).toBe(200);
    writeFileSync(path, text("box:two"));
    await reloaded(2);
    expect(reloads[1]).toMatchObject({ ok: true });
    expect(target(router)).toBe("box:two");
  });

  it.for([
    ["emptied", (path: string) => truncateSync(path, 0)],
    ["deleted", (path: string) => rmSync(path)],
    ["no UTF-8", (path: string) => writeFileSync(path, new Uint8Array([0xff, 0xfe, 0x41]))],
    [
      "without a key that it needs",
      (path: string) =>
        writeFileSync(path, text("box:two").replace("kind: sandbox", "kind: openai")),
    ],
  ] as const)("changes nothing when it is %s", async ([, break_]) => {
    const { router, path, reloads, reloaded } = await watching();
    break_(path);
    await reloaded(1);
    expect(reloads[0]).toMatchObject({ ok: false, message: expect.stringContaining("policy") });
    expect(target(router)).toBe("box:one");
  });

  it("is not told when it is written again with the same content", async () => {
    const { path, reloads, reloaded } = await watching();
    writeFileSync(path, text("box:one"));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(reloads).toEqual([]);
    writeFileSync(path, text("box:two"));
    await reloaded(1);
  });
});

describe("what a reload leaves alone", () => {
  it("is a request under way: it ends under the policy that it began under", async () => {
    const { router, path, reloaded } = await watching();
    let finish = () => {};
    const running = router.run(
      {},
      () =>
        new Promise<{ value: number }>((resolve) => {
          finish = () => resolve({ value: 1 });
        }),
    );
    writeFileSync(path, text("box:two"));
    await reloaded(1);
    finish();
    const { target: answered, decision } = await running;
    expect(answered).toBe("box:one");
    expect(decision.revision).not.toBe(router.revision);
  });

  it("is what is known of targets: a sandbox goes on counting its calls", async () => {
    const { router, path, reloaded } = await watching();
    writeFileSync(path, text("other:one"));
    await reloaded(1);
    expect((await post(router, "/chat/completions", hello)).status).toBe(502);
    writeFileSync(path, `${text("other:one")}# again\n`);
    await reloaded(2);
    expect((await post(router, "/chat/completions", hello)).status).toBe(200);
  });
});

describe("a policy file that is not watched", () => {
  it("rules on, whatever becomes of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
    const path = writePlain(folder);
    const router = await createRouter(path, { env: {}, watch: false });
    open.push({ router, folder });
    writeFileSync(path, text("box:two"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(target(router)).toBe("box:one");
  });
});

describe("a policy of several files that changes", () => {
  const main = `version: 1
include: [parts/box.yaml]
routes: [{ name: all, use: main }]
`;
  const part = (target: string) => `version: 1
providers: { box: { kind: sandbox } }
chains: { main: ["${target}"] }
`;

  function writeParts(folder: string): string {
    mkdirSync(join(folder, "parts"));
    writeFileSync(join(folder, "parts", "box.yaml"), part("box:one"));
    writeFileSync(join(folder, "policy.yaml"), main);
    return join(folder, "policy.yaml");
  }

  it("is taken up when an included file changes, also one that was not there at first", async () => {
    const { router, folder, path, reloads, reloaded } = await watching(writeParts);
    expect(target(router)).toBe("box:one");
    writeFileSync(join(folder, "parts", "box.yaml"), part("box:two"));
    await reloaded(1);
    expect(target(router)).toBe("box:two");

    writeFileSync(path, main.replace("box.yaml", "other.yaml"));
    await reloaded(2);
    expect(reloads[1]).toMatchObject({
      ok: false,
      message: expect.stringContaining("policy.yaml:2:11 SB211"),
    });
    writeFileSync(join(folder, "parts", "other.yaml"), part("box:three"));
    await reloaded(3);
    expect(target(router)).toBe("box:three");
  });

  it("tells a fault at its line in the file that has it, and keeps the last good policy", async () => {
    const { router, folder, reloads, reloaded } = await watching(writeParts);
    writeFileSync(join(folder, "parts", "box.yaml"), part("bix:one"));
    await reloaded(1);
    expect(reloads[0]).toMatchObject({
      ok: false,
      message: expect.stringMatching(/parts.box\.yaml:3:18 SB201 .*did you mean `box`/),
    });
    expect(target(router)).toBe("box:one");
    writeFileSync(join(folder, "parts", "box.yaml"), part("box:two"));
    await reloaded(2);
    expect(target(router)).toBe("box:two");
  });
});
