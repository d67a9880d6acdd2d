#!/usr/bin/env node
import { Command } from "commander";
import { nodeIo } from "./node-io.ts";
import { runCli } from "./run-cli.ts";
import { describeValidate } from "./validate.ts";

const io = nodeIo();
await runCli(describeValidate(new Command("validate-policy"), io), process.argv.slice(2), io);
