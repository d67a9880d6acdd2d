/**
 * A package that was asked for is not installed. `openai` and `@anthropic-ai/sdk` are optional: only who asks for their
 * client needs them.
 */
export class MissingPeerError extends Error {
  override readonly name = "MissingPeerError";
  readonly code = "missing_peer";
  readonly packageName: string;

  constructor(packageName: string, version: string, cause: unknown) {
    super(`\`${packageName}\` is not installed: npm install ${packageName}@${version}`, { cause });
    this.packageName = packageName;
  }
}
