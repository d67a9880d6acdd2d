import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type FileChange, watchFile } from "../../../src/faces/reload/watch-file.ts";
import { createSystemClock } from "../../../src/run/system-clock.ts";

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A watched file, with what was told of it as text. */
function watched(slow = async () => {}) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-"));
  const path = join(folder, "file");
  writeFileSync(path, "one");
  const told: string[] = [];
  const stop = watchFile({
    path,
    bytes: readFileSync(path),
    clock: createSystemClock({ background: true }),
    quietMs: 20,
    pollMs: 200,
    onChange: async (change: FileChange) => {
      await slow();
      told.push(change.kind === "content" ? new TextDecoder().decode(change.bytes) : change.code);
    },
  });
  endings.push(stop, () => rmSync(folder, { recursive: true }));
  return { folder, path, told, stop };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a watched file", () => {
  it("is told once for each content, in order", async () => {
    const { path, told } = watched();
    for (const text of ["two", "three", "two"]) {
      writeFileSync(path, text);
      await expect.poll(() => told.at(-1)).toBe(text);
    }
    expect(told).toEqual(["two", "three", "two"]);
  });

  it("is told when it goes and when it comes back, even as it was", async () => {
    const { path, told } = watched();
    rmSync(path);
    await expect.poll(() => told).toEqual(["ENOENT"]);
    writeFileSync(path, "one");
    await expect.poll(() => told).toEqual(["ENOENT", "one"]);
  });

  it("is read in a folder that is never quiet", async () => {
    const { folder, path, told } = watched();
    writeFileSync(path, "two");
    for (let turn = 0; turn < 60 && told.length === 0; turn += 1) {
      writeFileSync(join(folder, "noise"), String(turn));
      await wait(10);
    }
    expect(told).toEqual(["two"]);
  });

  it("is told of no further once it is no longer watched, and stopping waits for what is being told", async () => {
    let release = () => {};
    const { path, told, stop } = watched(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const idle = release;
    writeFileSync(path, "two");
    await expect.poll(() => release).not.toBe(idle);
    const stopping = stop();
    release();
    await stopping;
    expect(told).toEqual(["two"]);
    writeFileSync(path, "three");
    await wait(300);
    expect(told).toEqual(["two"]);
  });
});
