import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawOf } from "../../src/resolve/fixed-view.ts";
import { seedOfDraw } from "../../src/resolve/record-seed.ts";

describe("the seed of a draw", () => {
  it("stands for a draw whose first 32 bits, which picks read, are the same", () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        expect(drawOf(seedOfDraw(draw))).toBe(Math.floor(draw * 2 ** 32) / 2 ** 32);
      }),
      { numRuns: 1000 },
    ));

  it("is the seed that the draw was made of", () =>
    fc.assert(
      fc.property(fc.nat(2 ** 31), (seed) => {
        expect(seedOfDraw(drawOf(seed))).toBe(seed);
      }),
    ));
});
