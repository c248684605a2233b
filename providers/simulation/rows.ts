// What every embedded cloud's rows have in common: plain data, told apart by `kind`. Each cloud declares its own union of them.

/** One object of a world. `Kind` is its sort: `vpc`, `instance`. */
export interface RowOf<Kind extends string> {
  readonly kind: Kind;
  readonly id: string;
  /** Whose it is: an account, or an account and region. Rows of two realms never meet. */
  readonly realm: string;
  /** Order of creation in the whole world; pages are cut by it. */
  readonly n: number;
  /** Milliseconds since 1970, as all times of a world. */
  readonly createdAt: number;
}

/** Something that happens at a time: a state's end, a request that lands late. */
export interface TimerRowOf<Action extends string> extends RowOf<"timer"> {
  readonly at: number;
  readonly action: Action;
  readonly target: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type AnyRow = RowOf<string>;
export type KindOf<R extends AnyRow> = R["kind"];
export type RowByKind<R extends AnyRow, K extends KindOf<R>> = Extract<R, { readonly kind: K }>;
export type TimerOf<R extends AnyRow> = Extract<R, TimerRowOf<string>>;
/** What makes a row; the world adds the rest. */
export type NewRow<R extends AnyRow, K extends KindOf<R>> = Omit<RowByKind<R, K>, keyof RowOf<string>> & { readonly id: string };
