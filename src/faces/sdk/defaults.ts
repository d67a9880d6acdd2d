import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { builtInCatalog } from "../../catalog/built-in.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import { fetchTransport, type Transport } from "../../providers/transport.ts";
import { undiciTransport } from "../../providers/undici-transport.ts";
import type { DecisionRecord } from "../../resolve/record.types.ts";
import type { Clock, Ledger, Random } from "../../run/ports.ts";
import { createSystemClock } from "../../run/system-clock.ts";
import { createMemoryLedger } from "../../spend/memory-ledger.ts";
import type { RouterEvent, RouterOptions } from "./router.types.ts";

/** Everything that a router touches outside itself. */
export interface Effects {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a key's file. */
  readonly readText: (path: string) => string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** For work that must not keep the process alive. */
  readonly backgroundClock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly requestId: () => string;
  readonly onEvent: (event: RouterEvent) => void;
  /** Missing where nobody asks for records. */
  readonly record?: (record: DecisionRecord) => void;
  /** Tells people of something that nobody else can be told. */
  readonly warn: (message: string) => void;
}

/** The options with the real thing for whatever they leave out. The one place of this face that reaches for it. */
export function withDefaults(options: RouterOptions): Effects {
  return {
    env: options.env ?? process.env,
    readText: (path) => readFileSync(path, "utf8"),
    transport: options.fetch ? fetchTransport(options.fetch) : undiciTransport(),
    clock: options.clock ?? createSystemClock(),
    backgroundClock: options.clock ?? createSystemClock({ background: true }),
    random: options.random ?? Math.random,
    ledger: options.ledger ?? createMemoryLedger(),
    catalog: options.catalog ?? builtInCatalog,
    requestId: options.requestId ?? randomUUID,
    onEvent: options.onEvent ?? (() => {}),
    ...(options.record && { record: options.record }),
    warn: (message) => process.emitWarning(message, "SignalboxWarning"),
  };
}
