import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import { checkAttributes } from "./check-attributes.ts";
import { checkBaseUrls } from "./check-base-urls.ts";
import { checkCallerMay } from "./check-caller-may.ts";
import { checkCycles, checkPlanSize } from "./check-chains.ts";
import { checkDuplicateNames } from "./check-duplicates.ts";
import { checkKeys } from "./check-keys.ts";
import { checkMatches } from "./check-match.ts";
import { checkQuantities } from "./check-quantities.ts";
import {
  checkChainNames,
  checkFieldNames,
  checkPromisedProviders,
  checkProviderNames,
  checkRuleNames,
} from "./check-references.ts";
import type { Check, Subject } from "./subject.ts";
import { warnEvadableCeilings } from "./warn-ceilings.ts";
import { warnNoEffect } from "./warn-no-effect.ts";
import { warnOneAttempt, warnOneProvider, warnShortCoolDown } from "./warn-resilience.ts";
import { warnUnused } from "./warn-unused.ts";

const checks: readonly Check[] = [
  checkQuantities,
  checkProviderNames,
  checkPromisedProviders,
  checkChainNames,
  checkRuleNames,
  checkFieldNames,
  checkCallerMay,
  checkAttributes,
  checkKeys,
  checkMatches,
  checkCycles,
  checkPlanSize,
  checkDuplicateNames,
  checkBaseUrls,
];

const warnings: readonly Check[] = [
  warnEvadableCeilings,
  warnOneProvider,
  warnOneAttempt,
  warnShortCoolDown,
  warnUnused,
  warnNoEffect,
];

/**
 * Runs every check on a policy of the right shape. Warnings are looked for only where there are no errors, as most would
 * follow from them: a misspelt name makes another one look unused.
 */
export function checkPolicy(subject: Subject, most: number): readonly Diagnostic[] {
  const found = take(run(checks, subject), most);
  if (hasErrors(found)) return found;
  return [...found, ...take(run(warnings, subject), most)];
}

function* run(list: readonly Check[], subject: Subject): Generator<Diagnostic> {
  for (const check of list) yield* check(subject);
}

function take(found: Iterable<Diagnostic>, most: number): readonly Diagnostic[] {
  const taken: Diagnostic[] = [];
  for (const each of found) if (taken.push(each) === most) break;
  return taken;
}
