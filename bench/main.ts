/**
 * What is fast, against what. Figures are of the machine at hand: compare them with each other, not across machines.
 */

import { benchLoad } from "./load.ts";
import { benchMatcher } from "./matcher.ts";
import { benchResolve } from "./resolve.ts";
import { benchRun } from "./run.ts";

benchResolve();
benchMatcher();
benchLoad();
await benchRun();
