import { isJsonObject, type JsonObject } from "../../terms/json.ts";
import type { Program } from "../../terms/program.ts";
import { type CheckedProgram, checkProgram, checkShape, hashOf, refusal } from "./check-program.ts";

/**
 * Reads a policy that `signalbox compile` wrote. Loads neither `yaml` nor `ajv`; the keys of providers are not in it.
 *
 * @param file what errors call it
 * @throws PolicyError where it is no JSON, of another format, or was changed after it was compiled
 */
export function readProgramJson(text: string, file = "program"): Program {
  return (asWritten(text, file) ?? checkProgram(parsed(text, file), file)).program;
}

/**
 * The compiled policy in a text; `undefined` for any other text, a policy in YAML or in JSON among them.
 *
 * @throws PolicyError where it is a compiled policy that cannot rule
 */
export function programIn(text: string, file: string): CheckedProgram | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const written = asWritten(text, file);
  if (written) return written;
  const value = valueIn(text);
  const isProgram = isJsonObject(value) && "format" in value && !("version" in value);
  return isProgram ? checkProgram(value, file) : undefined;
}

const beforeRevision = ',"revision":"';
const afterRevision = '","origins":{';
const revisionLength = 32;

/**
 * The quick way for a file as `programJson` wrote it: the text before the revision is, but for line ends, what the
 * revision is the hash of, so that nothing is written anew to check it (a third of the time that 10,000 routes take).
 * `undefined` for any other text; `checkProgram` tells whether it is another form of the same.
 */
function asWritten(text: string, file: string): CheckedProgram | undefined {
  const flat = text.replace(/\r?\n/g, "");
  const end = flat.lastIndexOf(afterRevision);
  const cut = end - revisionLength - beforeRevision.length;
  if (cut < 1 || !flat.startsWith(beforeRevision, cut)) return undefined;
  const content = `${flat.slice(0, cut)}}`;
  const revision = flat.slice(end - revisionLength, end);
  if (hashOf(content) !== revision) return undefined;
  const beside = valueIn(`{${flat.slice(cut + 1)}`);
  const program = valueIn(content);
  if (!isJsonObject(program) || !isJsonObject(beside)) return undefined;
  return Object.keys(beside).join() === "revision,origins"
    ? checkShape({ ...program, ...beside } satisfies JsonObject, file)
    : undefined;
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(file, `is not JSON: ${(error as SyntaxError).message}`, { cause: error });
  }
}
