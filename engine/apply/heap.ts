// A binary heap: what is next by an order, in O(log n) per step. Used by the scheduler and the rate limiter.

export interface Heap<Item> {
  readonly size: () => number;
  push(item: Item): void;
  /** Removes and gives the first item. */
  pop(): Item | undefined;
  peek(): Item | undefined;
}

/** `comesFirst(a, b)` says whether `a` leaves before `b`; it must be a strict order. */
export function createHeap<Item>(comesFirst: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = [];

  const siftUp = (item: Item): void => {
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Item;
      if (!comesFirst(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  };

  const siftDown = (item: Item): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && comesFirst(items[child + 1] as Item, items[child] as Item)) child += 1;
      const below = items[child] as Item;
      if (!comesFirst(below, item)) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  };

  return {
    size: () => items.length,
    push: siftUp,
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) siftDown(last);
      return first;
    },
    peek: () => items[0],
  };
}
