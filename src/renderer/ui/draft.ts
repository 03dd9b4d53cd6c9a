/** What is typed into a field and not yet, or not at all, a value of what the field stands for. */
export interface Draft {
  readonly text: string;
  /** Why it cannot be the value, as a sentence; null while it can. */
  readonly wrong: string | null;
}

/** A draft that outlives its field: somebody else must know that what stands there is not what counts. */
export interface KeptDraft {
  readonly draft: Draft | null;
  readonly keep: (draft: Draft | null) => void;
}
