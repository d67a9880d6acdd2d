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

/** Tells the file system's errors, which have a code such as `ENOENT`, from faults of ours. */
export function isFileError(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown } | null)?.code === "string";
}
