/**
 * Forms that the keys of providers and clouds have. Each is linear and begins at a fixed text, and none fits a model's
 * name, a variable's name or an ordinary word.
 */
const keyForms = [
  /\bsk-(?:proj-|ant-|or-v1-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}/g,
  /\b(?:gsk|hf|r8|csk|glpat|pplx|fw|xai|tgp_v1|dapi)[_-][A-Za-z0-9_-]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /\bBearer [A-Za-z0-9._~+/-]{16,}/g,
] as const;

/** Tells whether a text holds something that has the form of a key. */
export function holdsKey(text: string): boolean {
  return maskKeys(text) !== text;
}

/** Replaces what has the form of a key by stars of the same length, so that places in the text stay true. */
export function maskKeys(text: string): string {
  return keyForms.reduce((masked, form) => masked.replace(form, stars), text);
}

/** {@link maskKeys}, and the user and password of addresses: what is shown of a text, wherever it is shown. */
export function maskSecrets(text: string): string {
  return maskKeys(text).replace(/(?<=:\/\/)[^\s/@"']+(?=@)/g, (user) => "*".repeat(user.length));
}

function stars(key: string): string {
  return /\d/.test(key) || key.length > 40 ? "*".repeat(key.length) : key;
}
