import { dirname, isAbsolute, join } from "node:path";
import { builtInCatalog } from "../../catalog/built-in.ts";
import { compile } from "../../compile/compile.ts";
import { type Diagnostic, diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { decodeUtf8 } from "../../policy/decode-utf8.ts";
import type { LoadedPolicy } from "../../policy/loaded-policy.ts";
import { type Linked, link } from "../../resolve/link.ts";
import { checkTests } from "../../testing/check-tests.ts";
import { type LoadedTests, loadTests } from "../../testing/load-tests.ts";
import type { CliIo } from "./io.ts";
import { bytesOf, type ReadPolicy, readPolicy } from "./read-policy.ts";
import { unreadableReason } from "./unreadable-reason.ts";

/** A policy that tests are run against. */
export interface TestedPolicy {
  /** As findings call it. */
  readonly file: string;
  readonly loaded: LoadedPolicy;
  readonly linked: Linked;
}

/** A test file as it was found. */
export interface ReadTests {
  readonly file: string;
  /** Where the bytes are no text, what can be shown of them. */
  readonly text: string;
  /** Missing where a finding is an error. */
  readonly ready?: { readonly tests: LoadedTests; readonly policy: TestedPolicy };
  /** What was found in the test file. */
  readonly diagnostics: readonly Diagnostic[];
  /** The policy, where it could be read; its findings are its own. */
  readonly read?: ReadPolicy;
}

/** Tells whether a file holds tests of a policy: by its name; on standard input by whether it has a section `tests`. */
export function holdsTests(file: string, bytes: Uint8Array): boolean {
  if (file !== "-") return /\.test\.ya?ml$/.test(file);
  return /^tests[ \t]*:/m.test(new TextDecoder().decode(bytes));
}

/** Reads policies, each once, however many test files name it. */
export type PolicyReader = (file: string) => Promise<ReadPolicy & { readonly linked?: Linked }>;

/** A {@link PolicyReader} that remembers. It rejects with the file system's error. */
export function createPolicyReader(io: CliIo): PolicyReader {
  const read = new Map<string, ReturnType<PolicyReader>>();
  return (file) => {
    const found = read.get(file) ?? readAndLink(file, io);
    read.set(file, found);
    return found;
  };
}

async function readAndLink(file: string, io: CliIo): ReturnType<PolicyReader> {
  const read = await readPolicy(file, io);
  if (!read.policy) return read;
  const { program } = compile(read.policy, builtInCatalog);
  return { ...read, linked: link(program, builtInCatalog) };
}

/**
 * Reads a test file and the policy that it is for, and holds the one against the other; `-` is standard input, whose
 * policy is looked for from the working directory.
 *
 * Rejects with the error of the file system where the test file cannot be read.
 */
export async function readTests(
  file: string,
  io: CliIo,
  policyReader: PolicyReader,
): Promise<ReadTests> {
  return testsFrom(file, await bytesOf(file, io), policyReader);
}

/** {@link readTests} of what was read already. */
export async function testsFrom(
  file: string,
  bytes: Uint8Array,
  policyReader: PolicyReader,
): Promise<ReadTests> {
  const decoded = decodeUtf8(bytes, file);
  if (decoded.kind === "refused") {
    return { file, text: decoded.text, diagnostics: [decoded.diagnostic] };
  }
  const { text } = decoded;
  const { tests, diagnostics } = loadTests(text, file);
  if (!tests) return { file, text, diagnostics };
  const policyFile = besides(file, tests.policy);
  let read: Awaited<ReturnType<PolicyReader>>;
  try {
    read = await policyReader(policyFile);
  } catch (error) {
    const message = `cannot read ${quote(policyFile)}: ${unreadableReason(error)}`;
    return { file, text, diagnostics: [...diagnostics, unusable(tests, message)] };
  }
  const { policy, linked } = read;
  if (!policy || !linked) {
    const message = `the policy ${quote(policyFile)} has errors`;
    return { file, text, diagnostics: [...diagnostics, unusable(tests, message)], read };
  }
  const found = [...diagnostics, ...checkTests(tests, linked.program)];
  if (hasErrors(found)) return { file, text, diagnostics: found, read };
  const ready = { tests, policy: { file: policyFile, loaded: policy, linked } };
  return { file, text, diagnostics: found, read, ready };
}

/** A path that is written in a file, from where the file is. */
function besides(file: string, path: string): string {
  return file === "-" || isAbsolute(path) ? path : join(dirname(file), path);
}

function unusable({ file, spanOf }: LoadedTests, message: string): Diagnostic {
  const help = "`policy` is a path from the folder of the test file";
  const isMissing = message.startsWith("cannot read");
  const place = { file, span: spanOf(["policy"]) };
  return diagnostic("SB222", message, place, isMissing ? { help } : {});
}
