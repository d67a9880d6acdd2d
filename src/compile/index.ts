/** The compiler alone: a loaded policy becomes a Program. */
export { type Compiled, compile } from "./compile.ts";
