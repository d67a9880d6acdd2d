/** Why a file could not be read, in words; an error of another kind as it is. */
export function unreadableReason(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "it may not be read";
    default:
      return typeof code === "string" ? code : String(error);
  }
}
