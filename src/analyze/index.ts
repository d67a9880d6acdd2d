/** The analysis alone: what is wrong with a compiled policy, proved or shown by a request. */
export { analyze } from "./analyze.ts";
export { decide } from "./find-promises.ts";
export { type Questions, questionsOf } from "./questions.ts";
export type { Refutation, Verdict } from "./verdict.ts";
