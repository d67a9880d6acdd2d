/** A base URL as it is used, or what is wrong with it. */
export type BaseUrl =
  | { readonly kind: "url"; readonly url: string; readonly unencrypted: boolean }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Reads a base URL: `http` or `https`, a host, perhaps a port and a path; no user, query or fragment.
 *
 * @returns the URL without trailing slashes; `unencrypted` where it is plain http to a host that is not plainly private
 */
export function readBaseUrl(text: string): BaseUrl {
  const why = refusal(text);
  if (why !== undefined) return { kind: "refused", why };
  const url = new URL(text);
  const unencrypted = url.protocol === "http:" && !isPrivateHost(url.hostname);
  return { kind: "url", url: url.origin + url.pathname.replace(/\/+$/, ""), unencrypted };
}

function refusal(text: string): string | undefined {
  if (!/^https?:\/\/[^/\\]/i.test(text))
    return "expected a URL that begins with `http://` or `https://`";
  if (/[\s\\]/.test(text)) return "expected a URL without white space and backslashes";
  if (!URL.canParse(text)) return "expected a URL";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || /^https?:\/\/[^/]*@/i.test(text)) {
    return "expected a URL without user and password";
  }
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)$/.test(url.hostname)) return "expected a URL with a plain host";
  if (/[{}]/.test(text)) return "expected a URL without braces";
  return /[?#]/.test(text) ? "expected a URL without query and fragment" : undefined;
}

/**
 * Tells hosts on this machine or in a private network: loopback, RFC 1918, RFC 6598 and link-local addresses, unique
 * local IPv6, single-label names and the names kept for private use.
 *
 * @see RFC 6761, RFC 6762, RFC 8375 and ICANN's `.internal`
 */
function isPrivateHost(host: string): boolean {
  if (host.startsWith("[")) return /^\[(::1\]|f[cd]|fe[89ab])/.test(host);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPrivateIpv4(host.split(".").map(Number));
  return !host.includes(".") || /\.(localhost|local|internal|home\.arpa|lan)$/.test(host);
}

function isPrivateIpv4([a = 0, b = 0]: readonly number[]): boolean {
  switch (a) {
    case 10:
    case 127:
      return true;
    case 172:
      return b >= 16 && b <= 31;
    case 192:
      return b === 168;
    case 169:
      return b === 254;
    case 100:
      return b >= 64 && b <= 127;
    default:
      return false;
  }
}
