/** A member of the body that left in another form than the caller wrote it. */
export interface Change {
  readonly member: string;
  readonly change: "set" | "added" | "removed";
  readonly why: string;
}
