// The order in which objects can be made, and the proof when there is none. Linear; iterative, so that a long chain cannot overflow the stack.

import type { NativeObject } from "./native-graph.ts";

export interface ObjectOrder {
  /** Dependencies first; ties in the given order. Meaningless when there are cycles. */
  readonly ordered: readonly NativeObject[];
  /** Each a path of keys in which every object waits for the next and the last for the first. Independent of each other. */
  readonly cycles: readonly (readonly string[])[];
}

export function orderObjects(objects: ReadonlyMap<string, NativeObject>): ObjectOrder {
  const ordered: NativeObject[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const reported = new Set<string>();

  for (const start of objects.values()) {
    if (state.has(start.key)) continue;
    state.set(start.key, "open");
    const stack = [{ object: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const key = top.object.after[top.next++];
      if (key === undefined) {
        state.set(top.object.key, "done");
        ordered.push(top.object);
        stack.pop();
        continue;
      }
      const object = objects.get(key);
      const seen = state.get(key);
      if (!object || seen === "done") continue;
      if (seen === undefined) {
        state.set(key, "open");
        stack.push({ object, next: 0 });
        continue;
      }
      const path = stack.slice(stack.findIndex((entry) => entry.object.key === key)).map((entry) => entry.object.key);
      if (path.some((member) => reported.has(member))) continue;
      for (const member of path) reported.add(member);
      cycles.push(path);
    }
  }
  return { ordered, cycles };
}
