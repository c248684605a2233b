// What one breakage of the engine is: a line, what becomes of it, and the law that has to notice. Data only.

export interface Breakage {
  /** What is broken, in words: the row of the table. */
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly law: {
    readonly file: string;
    /** The test's name, or a part that no other test of the file has. */
    readonly test: string;
    /** Where the name stands, when the law's file only calls for it. */
    readonly written?: string;
    /** Runs of a generated law (`KOINE_LAW_RUNS`); the usual number unless given. */
    readonly runs?: number;
  };
}
