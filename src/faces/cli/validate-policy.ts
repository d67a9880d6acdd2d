#!/usr/bin/env node
import { Command } from "commander";
import packageJson from "../../../package.json" with { type: "json" };
import { nodeIo } from "./node-io.ts";
import { requireNode } from "./require-node.ts";
import { runCli } from "./run-cli.ts";
import { describeValidate } from "./validate.ts";

const io = nodeIo();
const command = new Command("validate-policy").version(packageJson.version);
if (requireNode(process.versions.node, io)) {
  await runCli(describeValidate(command, io), process.argv.slice(2), io);
}
