/** Everything that a command reads from and writes to the world; tests give their own. */
export interface CliIo {
  /** Reads a file, by its path from `cwd`. Rejects where it cannot be read. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Reads a file, or standard input for `-`, piece by piece; without it such a file is read as a whole. */
  readonly chunks?: (path: string) => AsyncIterable<Uint8Array>;
  /** Reads a file that a policy includes, at once; `undefined` where it cannot be read. Without it none can be. */
  readonly readNow?: (path: string) => Uint8Array | undefined;
  /** Reads standard input to its end. */
  readonly stdin: () => Promise<Uint8Array>;
  /** Writes to standard output, as it is: the text ends its own lines. */
  readonly stdout: (text: string) => void;
  /** Writes to standard error, as it is. */
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output takes ANSI colours. */
  readonly colour: boolean;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Sets the exit code: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal error. Does not end the process. */
  readonly exit: (code: ExitCode) => void;
}

export type ExitCode = 0 | 1 | 2 | 3;
