// What a process tells its caller. The table is in docs/cli.md; the numbers are permanent.

export const exitCode = {
  done: 0,
  /** Failed, and nothing was changed. */
  failed: 1,
  /** Only with `--detailed-exitcode`: the plan has changes. */
  changes: 2,
  /** The plan is stale: sources, state or world moved. Nothing was changed. */
  stale: 3,
  /** Partly done or unresolved; recorded. Run again. */
  partial: 4,
  /** Refused by policy, budget, protection or missing approval. */
  refused: 5,
  usage: 64,
  lockHeld: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
