// Lazy, memoised cells with cycle detection, for types and values alike. A chain of cells longer than the stack bears is
// taken apart: the deep end is finished first and the rest started again, so no source overflows the stack.

import { type CycleStep, type Halt, isHalt, poisoned } from "./halt.ts";

export interface Cell<T> {
  state: "new" | "running" | "done" | "halted";
  value?: T;
  halt?: Halt;
}

export interface Cells {
  /** The value of a cell: computed once, at first demand. Raises a `Halt` when it has none. */
  demand<T>(cell: Cell<T>, step: () => CycleStep, compute: () => T): T;
  /** Runs a task from the bottom of the stack, finishing long chains piece by piece. */
  settle<T>(task: () => T): T;
  /** Nesting of expressions right now; the evaluator counts it up and down. */
  depth: number;
}

/** Demands deeper than this many expressions are put off: a small part of the stack. */
const DEEPEST_DEMAND = 300;
/** What a cell adds to the depth besides the expressions in it. */
const DEPTH_OF_CELL = 3;

export function newCell<T>(): Cell<T> {
  return { state: "new" };
}

interface Running {
  readonly cell: object;
  readonly step: () => CycleStep;
}

/** A task that must be finished before the chain that asked for it can go on. */
interface Waiting {
  readonly task: () => unknown;
  /** The chain that was cut, outermost first. */
  readonly chain: readonly Running[];
}

/** `reportCycle` is told the cells of a cycle in order; it is called once per cycle. */
export function createCells(reportCycle: (path: readonly CycleStep[]) => void): Cells {
  let running: Running[] = [];
  const waiting: Waiting[] = [];
  /** Cells of all chains that were cut and wait. */
  const suspended = new Set<object>();

  function demand<T>(cell: Cell<T>, step: () => CycleStep, compute: () => T): T {
    if (cell.state === "done") return cell.value as T;
    if (cell.state === "halted") throw cell.halt ?? poisoned;
    if (cell.state === "running" || (suspended.size > 0 && suspended.has(cell))) {
      const path = [...waiting.flatMap(({ chain }) => chain), ...running];
      reportCycle(path.slice(path.findIndex((entry) => entry.cell === cell)).map((entry) => entry.step()));
      throw poisoned;
    }
    if (cells.depth > DEEPEST_DEMAND) throw { halt: "first", task: () => demand(cell, step, compute), chain: [...running] } satisfies Halt;
    cell.state = "running";
    running.push({ cell, step });
    const depth = cells.depth;
    cells.depth += DEPTH_OF_CELL;
    try {
      cell.value = compute();
      cell.state = "done";
      return cell.value;
    } catch (thrown) {
      if (isHalt(thrown) && thrown.halt !== "first") {
        cell.state = "halted";
        cell.halt = thrown;
      } else {
        cell.state = "new";
      }
      throw thrown;
    } finally {
      running.pop();
      cells.depth = depth;
    }
  }

  function finishNext(): void {
    const next = waiting.pop();
    for (const entry of next?.chain ?? []) suspended.delete(entry.cell);
  }

  function settle<T>(task: () => T): T {
    const bottom = waiting.length;
    const depthBefore = cells.depth;
    const runningBefore = running;
    try {
      for (;;) {
        const next = waiting.length > bottom ? waiting.at(-1) : undefined;
        cells.depth = 0;
        running = [];
        try {
          const value = next ? next.task() : task();
          if (!next) return value as T;
          finishNext();
        } catch (thrown) {
          if (!isHalt(thrown)) throw thrown;
          if (thrown.halt === "first") {
            waiting.push(thrown as Waiting);
            for (const entry of thrown.chain) suspended.add(entry.cell);
          } else if (next && thrown.halt !== "spent") {
            // The mistake is kept in its cell: whoever needs it finds it there.
            finishNext();
          } else {
            throw thrown;
          }
        }
      }
    } finally {
      while (waiting.length > bottom) finishNext();
      cells.depth = depthBefore;
      running = runningBefore;
    }
  }

  const cells: Cells = { demand, settle, depth: 0 };
  return cells;
}
