import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyTransport, type TransportFailure } from "../../src/run/classify-transport.ts";
import { TransportError } from "../../src/run/transport-error.ts";

function coded(code: string, about: ErrorOptions = {}): Error {
  return Object.assign(new Error("x", about), { code });
}

function calling(syscall: string, code: string): Error {
  return Object.assign(coded(code), { syscall });
}

const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });

const rows: readonly (readonly [string, unknown, Omit<TransportFailure, "code">])[] = [
  [
    "a refused connection",
    fetchFailed(coded("ECONNREFUSED")),
    { class: "network", retryable: true, sent: false },
  ],
  [
    "an unknown host",
    fetchFailed(coded("ENOTFOUND")),
    { class: "network", retryable: true, sent: false },
  ],
  [
    "a name server that is slow",
    fetchFailed(coded("EAI_AGAIN")),
    { class: "network", retryable: true, sent: false },
  ],
  [
    "a slow connection",
    fetchFailed(coded("UND_ERR_CONNECT_TIMEOUT")),
    { class: "timeout", retryable: true, sent: false },
  ],
  [
    "a host that cannot be reached",
    fetchFailed(calling("connect", "EHOSTUNREACH")),
    { class: "network", retryable: true, sent: false },
  ],
  [
    "a host that is lost while it answers",
    fetchFailed(calling("read", "EHOSTUNREACH")),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "a network that is lost, nobody says when",
    fetchFailed(coded("ENETUNREACH")),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "a network that is lost while it sends",
    fetchFailed(new AggregateError([calling("write", "ENETUNREACH")])),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "a record that is broken on the way",
    fetchFailed(coded("ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC")),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "a handshake that fails",
    fetchFailed(coded("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE")),
    { class: "network", retryable: false, sent: false },
  ],
  [
    "a server that speaks no TLS",
    fetchFailed(coded("ERR_SSL_WRONG_VERSION_NUMBER")),
    { class: "network", retryable: false, sent: false },
  ],
  [
    "a reset connection",
    fetchFailed(coded("ECONNRESET")),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "a closed socket",
    fetchFailed(coded("UND_ERR_SOCKET")),
    { class: "network", retryable: true, sent: true },
  ],
  [
    "headers that do not come",
    fetchFailed(coded("UND_ERR_HEADERS_TIMEOUT")),
    { class: "timeout", retryable: true, sent: true },
  ],
  [
    "a body that stops",
    coded("UND_ERR_BODY_TIMEOUT"),
    { class: "timeout", retryable: false, sent: true },
  ],
  [
    "a bad certificate",
    fetchFailed(coded("CERT_HAS_EXPIRED")),
    { class: "network", retryable: false, sent: false },
  ],
  [
    "an abort",
    new DOMException("aborted", "AbortError"),
    { class: "cancelled", retryable: false, sent: true },
  ],
  [
    "an error without a code",
    new TypeError("fetch failed"),
    { class: "network", retryable: true, sent: true },
  ],
  ["no error at all", "boom", { class: "network", retryable: true, sent: true }],
  ["nothing", undefined, { class: "network", retryable: true, sent: true }],
  [
    "two addresses that both refuse",
    fetchFailed(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")])),
    { class: "network", retryable: true, sent: false },
  ],
  [
    "a provider's redirect",
    new TransportError("redirect", "x", { sent: true }),
    { class: "server_error", retryable: false, sent: true },
  ],
  [
    "a provider's timeout",
    new TransportError("timeout", "x", { sent: false }),
    { class: "timeout", retryable: true, sent: false },
  ],
  [
    "a provider's broken certificate",
    new TransportError("network", "x", { sent: false, cause: coded("CERT_HAS_EXPIRED") }),
    { class: "network", retryable: false, sent: false },
  ],
];

describe("a call without an answer", () => {
  it.for(rows)("%s", ([, thrown, expected]) => {
    expect(classifyTransport(thrown)).toMatchObject(expected);
  });

  it("is told by its deepest known code", () => {
    expect(classifyTransport(coded("X", { cause: coded("ECONNREFUSED") }))).toMatchObject({
      class: "network",
      sent: false,
      code: "ECONNREFUSED",
    });
  });

  it("may be anything, and be its own cause", () => {
    const loop = coded("X");
    loop.cause = loop;
    expect(classifyTransport(loop).class).toBe("network");
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(["network", "timeout", "cancelled"]).toContain(classifyTransport(thrown).class);
      }),
    );
  });
});
