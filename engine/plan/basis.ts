// What a plan was made from, part by part, so that a stale plan can say what moved. Pure data; digest.ts makes one digest of it.

/** Every field is part of the basis; all digests are `sha256:…` or keyed. */
export interface BasisParts {
  /** Content digest by path of each source file, and of each file that the sources read. */
  readonly sources: Readonly<Record<string, string>>;
  /** Digest by name; of secret inputs keyed, or `(secret)` where there is no key. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Content digest of `koine.lock`; empty without one. */
  readonly lock: string;
  readonly lineage: string;
  readonly serial: number;
  readonly koine: string;
  readonly world: "real" | "simulated";
  /** Digests of outputs read from other stacks, by `stack.output`. */
  readonly otherOutputs?: Readonly<Record<string, string>>;
  /** What was asked for beyond the sources: `--destroy`, `--refresh-only`, `--target`, `--exclude`, `--replace`. */
  readonly options?: PlanOptions;
}

export interface PlanOptions {
  readonly destroy?: boolean;
  readonly refreshOnly?: boolean;
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: readonly string[];
}
