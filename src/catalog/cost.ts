/** What an attempt can cost at worst, and what it did cost; pure. */
export { actualCost } from "./actual-cost.ts";
export { type Bounds, dearestRates, worstCost } from "./worst-cost.ts";
