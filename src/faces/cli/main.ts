#!/usr/bin/env node
import { Command } from "commander";
import packageJson from "../../../package.json" with { type: "json" };
import { registerCompile } from "./compile.ts";
import { registerDemo } from "./demo/demo.ts";
import { registerDiff } from "./diff.ts";
import { registerExplain } from "./explain.ts";
import { registerInit } from "./init.ts";
import { nodeIo } from "./node-io.ts";
import { registerReplay } from "./replay.ts";
import { requireNode } from "./require-node.ts";
import { registerRoutes } from "./routes.ts";
import { registerRule } from "./rule.ts";
import { runCli } from "./run-cli.ts";
import { registerTest } from "./test.ts";
import { registerTypes } from "./types.ts";
import { registerValidate } from "./validate.ts";

const examples = `
Examples:
  signalbox validate policies/*.yaml
  signalbox explain policies/deepresearcher2.yaml --model summary
  signalbox test policies/*.test.yaml --coverage
  signalbox demo

Exit codes: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal error.`;

const io = nodeIo();
const program = new Command("signalbox")
  .description("a declarative router for language-model calls")
  .version(packageJson.version)
  .addHelpText("after", examples);
registerValidate(program, io);
registerExplain(program, io);
registerTest(program, io);
registerRoutes(program, io);
registerCompile(program, io);
registerTypes(program, io);
registerRule(program, io);
registerInit(program, io);
registerDiff(program, io);
registerReplay(program, io);
registerDemo(program, io);
if (requireNode(process.versions.node, io)) {
  await runCli(program, process.argv.slice(2), io);
}
