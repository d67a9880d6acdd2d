import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { quote } from "../../diagnostics/quote.ts";
import { splitTarget } from "../../terms/target.ts";
import type { Policy } from "../policy.generated.ts";
import {
  admitMentions,
  chainMentions,
  fieldMentions,
  matchMentions,
  ruleMentions,
  targetMentions,
} from "./mentions.ts";
import { atKey, type Subject } from "./subject.ts";

/** Finds providers, chains, breakers, retry rules and attributes that nothing in the policy names. */
export function* warnUnused(subject: Subject): Generator<Diagnostic> {
  for (const [list, what] of lists) {
    const used = usedIn[list](subject.policy);
    for (const name of Object.keys(subject.policy[list] ?? {})) {
      if (used.has(name)) continue;
      const message = `the ${what} ${quote(name)} is not used`;
      yield atKey(subject, [list, name], ["SB801", message], { help: helps[list] });
    }
  }
}

const lists = [
  ["providers", "provider"],
  ["chains", "chain"],
  ["breakers", "breaker"],
  ["retries", "retry rule"],
  ["attributes", "attribute"],
] as const;

type List = (typeof lists)[number][0];

const helps: Readonly<Record<List, string>> = {
  providers: "name it in a chain, or delete it",
  chains: "name it in a route, a chain or a ceiling, or delete it",
  breakers: "name it in a provider or in `defaults`, or delete it",
  retries: "name it in a provider, a chain, a step or in `defaults`, or delete it",
  attributes: "test it in a `match`, name it under `each` or `by`, or delete it",
};

const usedIn: Readonly<Record<List, (policy: Policy) => ReadonlySet<string>>> = {
  providers: (policy) => {
    const targets = Array.from(targetMentions(policy), ({ target }) => target);
    const admits = Array.from(admitMentions(policy), (mention) => mention.admits);
    return new Set([...targets, ...admits].map((text) => splitTarget(text)?.provider ?? ""));
  },
  chains: (policy) => new Set(Array.from(chainMentions(policy), ({ chain }) => chain)),
  breakers: (policy) => rulesUsed(policy, "breakers"),
  retries: (policy) => rulesUsed(policy, "retries"),
  attributes: (policy) => {
    const tested = Array.from(matchMentions(policy), ({ match }) => Object.keys(match)).flat();
    return new Set([...tested, ...Array.from(fieldMentions(policy), ({ field }) => field)]);
  },
};

function rulesUsed(policy: Policy, list: "breakers" | "retries"): ReadonlySet<string> {
  const mentions = [...ruleMentions(policy)].filter((mention) => mention.list === list);
  return new Set(mentions.map(({ name }) => name));
}
