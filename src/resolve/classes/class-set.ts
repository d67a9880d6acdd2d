/** A set of the classes of one field: bit `index % 32` of word `index / 32`. Bits beyond the last class are 0. */
export type ClassSet = Uint32Array<ArrayBuffer>;

/** The set with nothing in it, of a field of so many classes. */
export function noClasses(count: number): ClassSet {
  return new Uint32Array((count + 31) >>> 5);
}

/** The set of all classes of a field of so many. */
export function allClasses(count: number): ClassSet {
  const set = noClasses(count).fill(0xffffffff);
  const rest = count & 31;
  if (rest !== 0) set[set.length - 1] = 2 ** rest - 1;
  return set;
}

/** Puts one class into a set, in place. */
export function addClass(set: ClassSet, index: number): void {
  const word = index >>> 5;
  set[word] = (set[word] ?? 0) | (1 << (index & 31));
}

/** Puts classes into a set, in place. */
export function addClasses(set: ClassSet, indexes: readonly number[]): void {
  for (const index of indexes) addClass(set, index);
}

/** Takes one class out of a set, in place. */
export function dropClass(set: ClassSet, index: number): void {
  const word = index >>> 5;
  set[word] = (set[word] ?? 0) & ~(1 << (index & 31));
}

/** Tells whether a class is in a set. */
export function hasClass(set: ClassSet, index: number): boolean {
  return (((set[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/** The classes in both sets. */
export function bothClasses(left: ClassSet, right: ClassSet): ClassSet {
  return left.map((word, at) => word & (right[at] ?? 0));
}

/** The classes in the first set and not in the second. */
export function classesLess(left: ClassSet, right: ClassSet): ClassSet {
  return left.map((word, at) => word & ~(right[at] ?? 0));
}

/** Tells whether nothing is in a set. */
export function isNoClass(set: ClassSet): boolean {
  return set.every((word) => word === 0);
}

/** The classes of a set, in order. */
export function listClasses(set: ClassSet): readonly number[] {
  const listed: number[] = [];
  set.forEach((word, at) => {
    for (let rest = word; rest !== 0; rest &= rest - 1) {
      listed.push(at * 32 + 31 - Math.clz32(rest & -rest));
    }
  });
  return listed;
}
