/**
 * The seed that stands for a draw (see `drawOf`): every weighted pick comes out the same.
 *
 * Picks read 32 bits of a draw, and the mixing of a seed is a bijection of 32 bits, undone here step by step.
 *
 * @see hash.ts, `mix32`
 */
export function seedOfDraw(draw: number): number {
  let bits = Math.floor(draw * 2 ** 32) >>> 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, inverseOfSecond);
  bits ^= (bits >>> 13) ^ (bits >>> 26);
  bits = Math.imul(bits, inverseOfFirst);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Times the factor that mixing multiplies by, each is 1 in 32 bits. */
const inverseOfFirst = 0xa5cb9243;
const inverseOfSecond = 0x7ed1b41d;
