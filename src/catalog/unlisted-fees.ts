/**
 * Tells whether a model is billed for something that the price book leaves out, so that its price there would be too
 * low to hold a ceiling with: it counts as unpriced until `models:` says what it costs.
 *
 * - `search-preview`, `search-api`, `deep-research`, Perplexity's `sonar` and `-online` models run searches that are
 *   billed for each call (OpenAI's and OpenRouter's model pages, 2026; the book 0.1.8 has their token rates only);
 * - `gpt-4o-audio` and `gpt-4o-mini-audio` bill audio tokens at many times the text rate, which is all the book has;
 * - Groq's `compound` systems run searches and code of their own accord, and bill each run (Groq's pricing page, 2026);
 * - `openrouter/auto` and its like cost what the model costs that they pick.
 */
export function hasUnlistedFee(kind: string, model: string): boolean {
  const name = model.toLowerCase();
  if (kind === "openrouter" && routers.test(name)) return true;
  if (kind === "groq" && compounds.test(name)) return true;
  return searches.test(name) || textRateOnly.test(name);
}

const routers = /^(?:openrouter|typesafe)\//;
const compounds = /^(?:groq\/)?compound/;
const searches = /search-(?:preview|api)|deep-research|(?:^|[/-])sonar|[-:]online$/;
const textRateOnly = /gpt-4o-(?:mini-)?audio/;
