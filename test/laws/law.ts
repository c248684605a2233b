// What a law is to whoever runs it: random cases, and one way to play a case that says what was wrong. `npm test` runs each law a few
// times by a fixed seed; `npm run laws` runs all of them by the thousand. A law may not look at the seed of another.

import fc from "fast-check";

export interface LawVerdict {
  /**
   * Empty when the law held. A sentence begins with its class (`orphan: `, `duplicate: `, `prompt: `, `mismatch: `); one without counts as
   * a mismatch.
   */
  readonly wrong: readonly string[];
  /** Counts for the table, by `<group>/<name>`: `fault/cut`, `outcome/partial`, `settled/never`. */
  readonly tally: Readonly<Record<string, number>>;
}

export interface LawParts<Value> {
  /** For `--only` and the table. */
  readonly name: string;
  /** Part of the runs asked for that it plays; all unless said otherwise. For laws whose cases cost many times more than others'. */
  readonly share?: number;
  readonly arbitrary: fc.Arbitrary<Value>;
  /** Plays one case. Everything in it follows from the value alone, so a case can be replayed. Throws only defects of the law. */
  play(value: Value): Promise<LawVerdict>;
}

export interface LawRun {
  readonly runs: number;
  readonly seed: number;
  /** Of a counterexample: `0:3:1`. Plays only that case. */
  readonly path?: string;
  /** Milliseconds for which a counterexample is made smaller; a minute unless said otherwise. */
  readonly shrinkFor?: number;
  /** Called after each case that was played, those of shrinking included. */
  readonly onCase?: () => void;
}

export interface LawReport {
  readonly name: string;
  readonly runs: number;
  /** Sums over all cases that held, and over none of shrinking. */
  readonly tally: Readonly<Record<string, number>>;
  readonly failure?: {
    readonly seed: number;
    readonly path: string;
    readonly wrong: readonly string[];
    /** The shrunk case as JSON. */
    readonly counterexample: string;
  };
}

export interface Law {
  readonly name: string;
  readonly share: number;
  run(run: LawRun): Promise<LawReport>;
}

class LawBroken extends Error {
  readonly wrong: readonly string[];

  constructor(wrong: readonly string[]) {
    super(wrong.join("\n"));
    this.wrong = wrong;
  }
}

export function defineLaw<Value>({ name, share = 1, arbitrary, play }: LawParts<Value>): Law {
  return {
    name,
    share,
    run: async ({ runs, seed, path, shrinkFor = 60_000, onCase }) => {
      const tally: Record<string, number> = {};
      let failedAt: number | undefined;
      const property = fc.asyncProperty(arbitrary, async (value) => {
        if (failedAt !== undefined && performance.now() - failedAt > shrinkFor) return;
        const verdict = await play(value);
        onCase?.();
        if (verdict.wrong.length > 0) {
          failedAt ??= performance.now();
          throw new LawBroken(verdict.wrong);
        }
        if (failedAt === undefined) addTally(tally, verdict.tally);
      });
      const end = await fc.check(property, {
        numRuns: path === undefined ? runs : 1,
        seed,
        ...(path !== undefined && { path, endOnFailure: true }),
      });
      if (!end.failed) return { name, runs: end.numRuns, tally };
      const error = end.errorInstance;
      const wrong = error instanceof LawBroken ? error.wrong : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
      return {
        name,
        runs: end.numRuns,
        tally,
        failure: {
          seed: end.seed,
          path: end.counterexamplePath ?? "",
          wrong,
          counterexample: JSON.stringify(end.counterexample?.[0]),
        },
      };
    },
  };
}

/** Adds counts to others, in place. */
export function addTally(into: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) into[name] = (into[name] ?? 0) + count;
}

/** What a test shows of a law that did not hold: what was wrong, the case, and how to play it again. */
export function describeFailure(report: LawReport): string {
  const { failure, name } = report;
  if (!failure) return "";
  const replay = `npm run laws -- --only ${name} --replay=${failure.seed}:${failure.path}`;
  return `${failure.wrong.map((line) => `- ${line}`).join("\n")}\n${failure.counterexample}\n${replay}\n`;
}
