// Whether operations wait for each other in a circle, and which circle. Linear; iterative, so that a long chain cannot overflow the stack. Pure.

interface Waiting {
  readonly id: string;
  /** May repeat itself, and name what is not among the operations. */
  readonly after: readonly string[];
}

/** Ids of one circle, each waiting for the next and the last for the first; undefined when there is none. */
export function findCycle(operations: readonly Waiting[]): readonly string[] | undefined {
  const places = new Map<string, number>();
  for (const [place, operation] of operations.entries()) places.set(operation.id, place);
  // Who waits for an operation, as linked lists in arrays: no list per operation.
  const heads = new Int32Array(operations.length).fill(-1);
  const next: number[] = [];
  const waiter: number[] = [];
  const open = new Int32Array(operations.length);
  for (const [place, operation] of operations.entries()) {
    for (const id of operation.after) {
      const needed = places.get(id);
      if (needed === undefined) continue;
      open[place] = (open[place] ?? 0) + 1;
      next.push(heads[needed] ?? -1);
      waiter.push(place);
      heads[needed] = waiter.length - 1;
    }
  }
  const ready: number[] = [];
  for (let place = 0; place < operations.length; place++) if (open[place] === 0) ready.push(place);
  let done = 0;
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    done++;
    for (let link = heads[place] ?? -1; link >= 0; link = next[link] ?? -1) {
      const waiting = waiter[link] ?? 0;
      open[waiting] = (open[waiting] ?? 0) - 1;
      if (open[waiting] === 0) ready.push(waiting);
    }
  }
  return done === operations.length ? undefined : walkCircle(operations, places, open);
}

/** Each operation that is left waits for one that is left, so a walk along them runs into itself. */
function walkCircle(operations: readonly Waiting[], places: ReadonlyMap<string, number>, open: Int32Array): readonly string[] {
  const path: string[] = [];
  const at = new Map<number, number>();
  const isLeft = (place: number | undefined): place is number => place !== undefined && (open[place] ?? 0) > 0;
  let place = open.findIndex((count) => count > 0);
  for (;;) {
    const start = at.get(place);
    if (start !== undefined) return path.slice(start);
    at.set(place, path.length);
    const operation = operations[place];
    if (!operation) return path;
    path.push(operation.id);
    place = operation.after.map((id) => places.get(id)).find(isLeft) ?? -1;
  }
}
