import { explainCommand } from "../../analyze/evidence.ts";
import type { Given } from "../../resolve/fixed-view.ts";
import { strangeNames } from "../../resolve/given-names.ts";
import type { DecisionRecord, ViewRecord } from "../../resolve/record.types.ts";
import { seedOfDraw } from "../../resolve/record-seed.ts";
import type { AttributeValue, ResolveRequest } from "../../terms/facts.ts";
import { parseUsd } from "../../terms/money.ts";
import type { Program } from "../../terms/program.ts";
import { shellWord } from "./shell-word.ts";

/** The call of `explain` that shows what a policy makes of a recorded request, in the world as the record holds it. */
export function recordCall(policy: string, program: Program, record: DecisionRecord): string {
  const request = requestOf(program, record);
  const given = knownTo(program, givenOf(record.view));
  const { holds = {}, firstOutputMs = {}, withoutCredential = [] } = given;
  const draws = Object.values(program.chains).some(({ steps }) =>
    steps.some((step) => step.kind === "pick" && step.pick === "weighted"),
  );
  return [
    explainCommand(policy, { request, given }),
    ...pairs("--hold", holds),
    ...pairs("--first-output", firstOutputMs),
    ...withoutCredential.map((provider) => `--without-key ${shellWord(provider)}`),
    ...(draws ? [`--seed ${seedOfDraw(record.view.draw)}`] : []),
  ].join(" ");
}

function pairs(option: string, values: Readonly<Record<string, string | number>>) {
  return Object.entries(values).map(
    ([name, value]) => `${option} ${shellWord(`${name}=${value}`)}`,
  );
}

/** The request without what goes without saying. */
function requestOf({ attributes }: Program, { facts }: DecisionRecord): ResolveRequest {
  const { api, stream, needs, inputTokensAtMost, answers, attributes: all, ...named } = facts;
  const said: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(all)) {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (spec && spec.default !== value) said[name] = value;
  }
  const { steering: _, ...request } = named;
  return {
    ...request,
    ...(api !== "chat" && { api }),
    ...(stream && { stream }),
    ...(needs.length > 0 && { needs }),
    ...(inputTokensAtMost !== facts.inputTokens * 4 && { inputTokensAtMost }),
    ...(answers !== 1 && { answers }),
    ...(Object.keys(said).length > 0 && { attributes: said }),
  };
}

function givenOf(view: ViewRecord): Given {
  return {
    nowMs: view.nowMs,
    breakers: mapped(view.breakers, ({ state }) => (state === "closed" ? undefined : state)),
    holds: mapped(view.holds, (hold) =>
      hold && hold.untilMs > view.nowMs ? hold.because : undefined,
    ),
    spend: Object.fromEntries(
      Object.values(view.spent).flatMap(({ name, usd }) => {
        const nano = parseUsd(usd) ?? 0;
        return nano > 0 ? [[name, nano]] : [];
      }),
    ),
    firstOutputMs: mapped(view.firstOutputMs, (ms) => ms ?? undefined),
    withoutCredential: Object.entries(view.hasCredential).flatMap(([provider, has]) =>
      has ? [] : [provider],
    ),
  };
}

function mapped<V, W>(
  record: Readonly<Record<string, V>>,
  map: (value: V) => W | undefined,
): Readonly<Record<string, W>> {
  const kept = Object.entries(record).flatMap(([name, value]) => {
    const found = map(value);
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(kept);
}

/** What a policy has no name for makes no difference to it, and `explain` would refuse it. */
function knownTo(program: Program, given: Given): Given {
  const strange = new Set(
    strangeNames(program, given).map(({ member, name }) => `${member} ${name}`),
  );
  const known = <V>(member: keyof Given, record: Readonly<Record<string, V>> = {}) =>
    Object.fromEntries(
      Object.entries(record).filter(([name]) => !strange.has(`${member} ${name}`)),
    );
  return {
    ...(given.nowMs !== undefined && { nowMs: given.nowMs }),
    breakers: known("breakers", given.breakers),
    holds: known("holds", given.holds),
    spend: known("spend", given.spend),
    firstOutputMs: known("firstOutputMs", given.firstOutputMs),
    withoutCredential: (given.withoutCredential ?? []).filter(
      (name) => !strange.has(`withoutCredential ${name}`),
    ),
  };
}
