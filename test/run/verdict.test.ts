import { describe, expect, it } from "vitest";
import { classify } from "../../src/run/classify.ts";
import type { Change, Failure } from "../../src/run/ports.ts";
import { asCallerMeant } from "../../src/run/verdict.ts";

const limit: Change = { member: "max_tokens", change: "added", why: "the policy's output limit" };
const model: Change = { member: "model", change: "set", why: "the target's name for the model" };

const refused = (member?: string): Failure => ({
  class: "invalid_request",
  message: "no",
  retryable: false,
  ...(member !== undefined && { member }),
});

describe("asCallerMeant", () => {
  it.for([
    {
      name: "a refusal after nothing but the model changed",
      changed: [model],
      is: "invalid_request",
    },
    { name: "a refusal of nobody knows what", changed: [model, limit], is: "unsupported" },
    {
      name: "a refusal of a member that we added",
      member: "max_tokens",
      changed: [limit],
      is: "unsupported",
    },
    {
      name: "a refusal of one that the caller wrote",
      member: "messages",
      changed: [limit],
      is: "invalid_request",
    },
  ])("takes $name for $is", ({ member, changed, is }) => {
    expect(asCallerMeant(refused(member), changed).class).toBe(is);
  });

  it("is told of the member by the provider's `param`", () => {
    const body = JSON.stringify({
      error: {
        message: "no",
        type: "invalid_request_error",
        param: "messages[0].role",
        code: null,
      },
    });
    const answer = { status: 400, headers: () => undefined, body, nowMs: 0 };
    expect(classify(answer)).toMatchObject({ class: "invalid_request", member: "messages" });
  });
});
