const redacted = "[secret]";

/**
 * A key that can be sent and never be shown: printing, joining, inspecting and writing it as JSON give `[secret]`.
 *
 * Only {@link Secret.reveal} gives the text, and only the code that sends it calls that.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  /** What `console.log` and `util.inspect` show. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return redacted;
  }
}

/** Shorter texts are placeholders such as `ollama`; blotting them out would only garble what is read. */
const leastLength = 8;

/**
 * Makes a function that blots out every given secret in a text, also where it stands escaped for JSON, for a URL or in
 * base64.
 */
export function scrubber(secrets: Iterable<Secret>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const text = secret.reveal();
    if (text.length < leastLength) continue;
    for (const form of [
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      btoa(text),
    ]) {
      forms.add(form);
    }
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, redacted), text);
}
