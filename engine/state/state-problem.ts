// Why a state cannot be opened, told to a person. A store that reports one has changed nothing.

export interface StateProblem {
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}
