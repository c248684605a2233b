// The evaluation budget: every program ends, and none exhausts memory. Counts; reports nothing.

export interface Cost {
  readonly steps?: number;
  /** Elements of lists and maps made. */
  readonly items?: number;
  /** UTF-16 units of text made. */
  readonly bytes?: number;
  readonly resources?: number;
}

export interface Budget {
  /** Charges; false once anything is spent, and from then on. */
  spend(cost: Cost): boolean;
  /** What ran out, in words with its limit. */
  spentOn(): string | undefined;
}

export interface Limits {
  readonly steps: number;
  readonly items: number;
  readonly bytes: number;
  readonly resources: number;
}

/** Generous for a stack of a million resources, and seconds away from the end for one that grows without bound. */
export const defaultLimits: Limits = { steps: 50_000_000, items: 20_000_000, bytes: 256 * 1024 * 1024, resources: 1_000_000 };

/** The longest list that one expression may make. */
export const LONGEST_LIST = 1_000_000;

export function createBudget(limits: Limits = defaultLimits): Budget {
  const left = { ...limits };
  let spent: keyof Limits | undefined;
  return {
    spend(cost) {
      if (cost.steps) left.steps -= cost.steps;
      if (cost.items) left.items -= cost.items;
      if (cost.bytes) left.bytes -= cost.bytes;
      if (cost.resources) left.resources -= cost.resources;
      if (left.steps < 0) spent ??= "steps";
      else if (left.items < 0) spent ??= "items";
      else if (left.bytes < 0) spent ??= "bytes";
      else if (left.resources < 0) spent ??= "resources";
      return spent === undefined;
    },
    spentOn() {
      if (!spent) return undefined;
      const words = { steps: "steps of evaluation", items: "elements of lists and maps", bytes: "bytes of text", resources: "resources" };
      return `${limits[spent].toLocaleString("en-US")} ${words[spent]}`;
    },
  };
}
