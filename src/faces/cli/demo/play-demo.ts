import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRouter } from "../../sdk/create-router.ts";
import type { CliIo } from "../io.ts";
import { painter } from "../paint.ts";
import { validateCommand } from "../validate.ts";
import type { Stage } from "./play.ts";
import { sceneDay } from "./scene-day.ts";
import { sceneOutage } from "./scene-outage.ts";
import { sceneCeiling, sceneCut, scenePrivate } from "./scene-refusals.ts";

const scenes: readonly { readonly title: string; readonly run: (stage: Stage) => Promise<void> }[] =
  [
    { title: "A research agent's day: every call finds its target", run: sceneDay },
    {
      title: "A provider goes down: fallback, then the breaker opens, probes and closes",
      run: sceneOutage,
    },
    { title: "A stream is cut: an explicit error", run: sceneCut },
    { title: "A ceiling refuses before money is spent", run: sceneCeiling },
    { title: "Private stays private, also when home is down", run: scenePrivate },
  ];

/**
 * Plays the demo: validates the example policies, and routes calls by one of them.
 *
 * @param folder of the example policies, from `io.cwd`
 */
export async function playDemo(folder: string, io: CliIo): Promise<void> {
  const paint = painter(io.colour);
  const say = (text: string) => io.stdout(`${text}\n`);
  const heading = (text: string) => say(`\n${paint("bold", text)}`);
  const names = (await readdir(join(io.cwd, folder)))
    .filter((name) => /(?<!\.test)\.yaml$/.test(name))
    .sort();
  heading(`The example policies: ${names.join(", ")}`);
  const files = names.map((name) => join(folder, name));
  const code = await validateCommand({ files, format: "pretty", failLevel: "error" }, indented(io));
  if (code !== 0) return io.exit(code);
  const router = await createRouter(join(io.cwd, folder, "demo.yaml"), {
    env: io.env,
    watch: false,
  });
  try {
    for (const [index, { title, run }] of scenes.entries()) {
      heading(`${index + 1}  ${title}`);
      await run({ router, paint, say, wait: (ms) => wait(ms) });
    }
  } finally {
    await router.close();
  }
  say(`\nThe policy of all this is ${paint("cyan", join(folder, "demo.yaml"))}. Ask it why:`);
  say(`  signalbox explain ${join(folder, "demo.yaml")} --model summary --set data=private`);
}

/** Shows what a command prints two columns in. */
function indented(io: CliIo): CliIo {
  return { ...io, stdout: (text) => io.stdout(text.replaceAll(/^(?=.)/gm, "  ")) };
}
