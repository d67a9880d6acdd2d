/** The folder part of a path, without its last separator; empty where there is none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"), path.lastIndexOf("\\")));
}

/** A path below a folder; the path itself where the folder is empty. */
export function below(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

export type IncludedPath =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Works out which file an `include` means, as a path from the main file's folder with plain steps.
 *
 * @param folder of the file that names it, from the main file's folder; empty is that folder itself
 */
export function includedPath(written: string, folder: string): IncludedPath {
  const why = refusal(written);
  if (why !== undefined) return { kind: "refused", why };
  const steps: string[] = [];
  for (const step of below(folder, written).split("/")) {
    if (step === "..") {
      if (steps.pop() === undefined) {
        return { kind: "refused", why: "expected a file below the main file's folder" };
      }
    } else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.length === 0
    ? { kind: "refused", why: "expected the path of a file" }
    : { kind: "path", path: steps.join("/") };
}

function refusal(written: string): string | undefined {
  if (written.includes("\\")) return "expected a path with `/` between its steps";
  if (/^[/~]|^[A-Za-z][A-Za-z0-9+.-]*:/.test(written)) return "expected a relative path";
  if (/[*?[\]{}]/.test(written)) return "expected one file, not a pattern";
  return written.endsWith("/") ? "expected a file, not a folder" : undefined;
}
