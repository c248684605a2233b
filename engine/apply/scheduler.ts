// Runs the operations of a plan in dependency order, critical path first, as parallel as slots and locks allow.
// Knows nodes, edges and locks only: no cloud, no state. O(log n) per operation.

import { createHeap, type Heap } from "./heap.ts";

export interface ScheduleNode {
  readonly id: string;
  /** Ids of nodes that must be done first. Ids that are not among the nodes count as done. */
  readonly after: readonly string[];
  /** Expected milliseconds. Of two ready nodes the one with the longer path to the end goes first. */
  readonly weight: number;
  /** Of the nodes that share a lock one runs at a time. */
  readonly locks: readonly string[];
}

/** Handed to a running node. */
export interface Slot {
  /** Longest path to the end, in expected milliseconds. Higher goes first. */
  readonly priority: number;
  /** Gives the slot to others while `work` waits; takes it back before it resolves. */
  rest<Result>(work: () => Promise<Result>): Promise<Result>;
}

export type SkipReason =
  | { readonly kind: "dependency"; readonly on: string }
  | { readonly kind: "cancelled" }
  /** By `refuse`. */
  | { readonly kind: "refused"; readonly because: string };

export interface ScheduleOptions {
  /** Nodes that may be busy at once; nodes at rest do not count. */
  readonly parallel: number;
  /** Aborted: nothing new starts, what runs is finished. */
  readonly stop: AbortSignal;
  /** `failed`: its dependents are skipped. A throw stops the schedule and is thrown again once all that runs has ended. */
  run(id: string, slot: Slot): Promise<"done" | "failed">;
  /** Asked right before a node starts; a text keeps it, and so its dependents, from starting. */
  refuse?(id: string): string | undefined;
  onSkip(id: string, reason: SkipReason): void;
}

interface Node extends ScheduleNode {
  readonly order: number;
  readonly dependents: Node[];
  waitsFor: number;
  priority: number;
  state: "waiting" | "running" | "done" | "failed" | "skipped";
}

/** Carries out all nodes. Resolves when each is done, failed or skipped. Throws on a cycle, which the planner should have shown. */
export async function runSchedule(nodes: readonly ScheduleNode[], options: ScheduleOptions): Promise<void> {
  const graph = linkNodes(nodes);
  rankNodes(graph);
  const ready = createHeap<Node>(comesFirst);
  for (const node of graph) if (node.waitsFor === 0) ready.push(node);
  await new Promise<void>((resolve, reject) => drive(graph, ready, options, resolve, reject));
}

function comesFirst(left: Node, right: Node): boolean {
  return left.priority !== right.priority ? left.priority > right.priority : left.order < right.order;
}

function linkNodes(nodes: readonly ScheduleNode[]): readonly Node[] {
  const graph = nodes.map((node, order): Node => ({ ...node, order, dependents: [], waitsFor: 0, priority: 0, state: "waiting" }));
  const byId = new Map(graph.map((node) => [node.id, node]));
  for (const node of graph) {
    for (const id of new Set(node.after)) {
      const before = byId.get(id);
      if (!before) continue;
      before.dependents.push(node);
      node.waitsFor += 1;
    }
  }
  return graph;
}

/** Sets each node's priority to the weight of the longest path that begins with it. */
function rankNodes(graph: readonly Node[]): void {
  const left = new Map(graph.map((node) => [node, node.waitsFor]));
  const order = graph.filter((node) => node.waitsFor === 0);
  for (const node of order) {
    for (const dependent of node.dependents) {
      const rest = (left.get(dependent) ?? 0) - 1;
      left.set(dependent, rest);
      if (rest === 0) order.push(dependent);
    }
  }
  if (order.length < graph.length) {
    const stuck = graph.filter((node) => (left.get(node) ?? 0) > 0).map((node) => node.id);
    throw new Error(`the operations ${stuck.slice(0, 5).join(", ")} wait for each other`);
  }
  for (const node of order.reverse()) {
    let longest = 0;
    for (const dependent of node.dependents) longest = Math.max(longest, dependent.priority);
    node.priority = node.weight + longest;
  }
}

function drive(
  graph: readonly Node[],
  ready: Heap<Node>,
  options: ScheduleOptions,
  resolve: () => void,
  reject: (error: unknown) => void,
): void {
  const locks = new Map<string, { busy: boolean; readonly queue: Heap<Node> }>();
  const returning = createHeap<{ readonly node: Node; readonly order: number; readonly wake: () => void }>((left, right) =>
    left.node.priority !== right.node.priority ? left.node.priority > right.node.priority : left.order < right.order,
  );
  let returned = 0;
  let busy = 0;
  let running = 0;
  let open = graph.length;
  let fatal: { readonly error: unknown } | undefined;

  const skip = (node: Node, reason: SkipReason): void => {
    const stack: (readonly [Node, SkipReason])[] = [[node, reason]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [skipped, because] = next;
      if (skipped.state !== "waiting") continue;
      skipped.state = "skipped";
      open -= 1;
      options.onSkip(skipped.id, because);
      // However far away, a dependent is told of what was not done in the first place.
      const passedOn: SkipReason = because.kind === "refused" ? { kind: "dependency", on: skipped.id } : because;
      for (const dependent of skipped.dependents) stack.push([dependent, passedOn]);
    }
  };

  /** Takes all locks, or parks the node on the first that is busy. */
  const takeLocks = (node: Node): boolean => {
    for (const name of node.locks) {
      const lock = locks.get(name);
      if (!lock?.busy) continue;
      lock.queue.push(node);
      return false;
    }
    for (const name of node.locks) {
      const lock = locks.get(name);
      if (lock) lock.busy = true;
      else locks.set(name, { busy: true, queue: createHeap<Node>(comesFirst) });
    }
    return true;
  };

  /** Gives the next node in line its turn at each lock that nobody holds. */
  const passOn = (names: readonly string[]): void => {
    for (const name of names) {
      const lock = locks.get(name);
      const next = lock && !lock.busy ? lock.queue.pop() : undefined;
      if (next) ready.push(next);
    }
  };

  const start = (node: Node): void => {
    node.state = "running";
    busy += 1;
    running += 1;
    const rest = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      busy -= 1;
      pump();
      try {
        return await work();
      } finally {
        if (busy < options.parallel) {
          busy += 1;
        } else {
          await new Promise<void>((wake) => returning.push({ node, order: returned++, wake }));
        }
      }
    };
    options.run(node.id, { priority: node.priority, rest }).then(
      (outcome) => finish(node, outcome),
      (error: unknown) => {
        fatal ??= { error };
        finish(node, "failed");
      },
    );
  };

  const finish = (node: Node, outcome: "done" | "failed"): void => {
    node.state = outcome;
    busy -= 1;
    running -= 1;
    open -= 1;
    for (const name of node.locks) {
      const lock = locks.get(name);
      if (lock) lock.busy = false;
    }
    passOn(node.locks);
    for (const dependent of node.dependents) {
      dependent.waitsFor -= 1;
      if (outcome === "failed") skip(dependent, { kind: "dependency", on: node.id });
      else if (dependent.waitsFor === 0 && dependent.state === "waiting") ready.push(dependent);
    }
    pump();
  };

  let pumping = false;
  let again = false;
  const pump = (): void => {
    // A node that starts may rest at once and so ask for the next; a loop instead of recursion keeps the stack flat.
    again = true;
    if (pumping) return;
    pumping = true;
    while (again) {
      again = false;
      fillSlots();
    }
    pumping = false;
    if (running === 0) end();
  };

  const fillSlots = (): void => {
    while (busy < options.parallel) {
      const back = returning.pop();
      if (!back) break;
      busy += 1;
      back.wake();
    }
    for (;;) {
      const stopped = fatal !== undefined || options.stop.aborted;
      if (!stopped && busy >= options.parallel) return;
      const node = ready.pop();
      if (!node) return;
      if (node.state !== "waiting") {
        passOn(node.locks);
        continue;
      }
      const refusal = stopped ? undefined : options.refuse?.(node.id);
      if (stopped) skip(node, { kind: "cancelled" });
      else if (refusal !== undefined) skip(node, { kind: "refused", because: refusal });
      else if (takeLocks(node)) {
        start(node);
        continue;
      }
      passOn(node.locks);
    }
  };

  const end = (): void => {
    if (fatal) {
      reject(fatal.error);
      return;
    }
    // Left over are nodes that a lock kept and that no longer start.
    if (open > 0) for (const node of graph) skip(node, { kind: "cancelled" });
    resolve();
  };

  pump();
}
