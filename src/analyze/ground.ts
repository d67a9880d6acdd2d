import { allClasses, type ClassSet } from "../resolve/classes/class-set.ts";
import { type Box, type ClassSpace, encode } from "../resolve/classes/class-space.ts";
import type { Linked } from "../resolve/link.ts";
import type { Condition, Program } from "../terms/program.ts";
import { type CoverIndex, coverIndex } from "./cover-index.ts";
import type { Cover } from "./witness.ts";

/** A Program as the analysis sees it: its conditions as boxes of classes of requests. */
export interface Ground {
  readonly program: Program;
  readonly linked: Linked;
  readonly space: ClassSpace;
  /** All classes of each field. */
  readonly whole: readonly ClassSet[];
  /** The box of every request. */
  readonly everything: Box;
  /** The requests that each route matches, whoever comes before; `undefined` where that cannot be told. */
  readonly routes: readonly (readonly Box[] | undefined)[];
  /** The first route whose boxes cannot be told: of what comes after it nothing is sure. Infinite where there is none. */
  readonly firstUnknown: number;
  /** The boxes of all routes, the index of the route as owner. */
  readonly covers: CoverIndex;
  /** Boxes of requests that are known to get to a route, by its index: what searches have found. A memo. */
  readonly free: Map<number, Box[]>;
  /** Indexes of routes that are known to get no request. A memo. */
  readonly idle: Set<number>;
  /** What ceilings refuse of an attempt, by both. A memo. */
  readonly refused: Map<string, readonly Box[]>;
  /** The boxes of a condition among those encoded; `undefined` where they cannot be told. */
  readonly boxesOf: (condition: Condition) => readonly Box[] | undefined;
}

/**
 * Encodes a Program's routes and ceilings and the givens of its promises, and whatever else will be asked about.
 *
 * @param more further conditions that must be told apart
 */
export function groundOf(linked: Linked, more: readonly Condition[] = []): Ground {
  const { program } = linked;
  const conditions = [
    ...program.routes.map(({ when }) => when),
    ...program.ceilings.map(({ when }) => when),
    ...program.promises.map(({ given }) => given),
    ...more,
  ];
  const space = encode(program, conditions);
  const whole = space.fields.map(({ classes }) => allClasses(classes.length));
  const known = new Map<Condition, readonly Box[] | undefined>();
  const boxesOf = (condition: Condition) => {
    if (!known.has(condition)) known.set(condition, space.boxesOf(condition));
    return known.get(condition);
  };
  const routes = program.routes.map(({ when }) => boxesOf(when));
  const idle = new Set<number>();
  const unknown = routes.indexOf(undefined);
  const covers = routes.flatMap((boxes, owner): readonly Cover[] =>
    (boxes ?? []).map((box) => ({ box, owner })),
  );
  return {
    program,
    linked,
    space,
    whole,
    everything: whole.map(() => undefined),
    routes,
    firstUnknown: unknown === -1 ? Number.POSITIVE_INFINITY : unknown,
    covers: coverIndex(covers, whole, idle),
    free: new Map(),
    idle,
    refused: new Map(),
    boxesOf,
  };
}
