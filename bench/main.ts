/**
 * What is fast, against what. Figures are of the machine at hand: compare them with each other, not across machines.
 */
import { benchResolve } from "./resolve.ts";
import { benchRun } from "./run.ts";

benchResolve();
await benchRun();
