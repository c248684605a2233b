// A binary heap of due times, so that thousands of far timers cost a request nothing. Entries go stale; the caller checks them against the rows.

export interface HeapEntry {
  readonly at: number;
  readonly n: number;
  readonly realm: string;
  readonly id: string;
}

export interface TimerHeap {
  push(entry: HeapEntry): void;
  peek(): HeapEntry | undefined;
  pop(): void;
}

export function createTimerHeap(): TimerHeap {
  const heap: HeapEntry[] = [];
  const isBefore = (a: HeapEntry | undefined, b: HeapEntry | undefined): boolean =>
    a !== undefined && (b === undefined || a.at < b.at || (a.at === b.at && a.n < b.n));
  const swap = (a: number, b: number): void => {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  };
  return {
    push: (entry) => {
      heap.push(entry);
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(heap[child], heap[parent])) break;
        swap(child, parent);
        child = parent;
      }
    },
    peek: () => heap[0],
    pop: () => {
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return;
      heap[0] = last;
      for (let parent = 0; ; ) {
        const [left, right] = [parent * 2 + 1, parent * 2 + 2];
        const child = isBefore(heap[right], heap[left]) ? right : left;
        if (!isBefore(heap[child], heap[parent])) break;
        swap(child, parent);
        parent = child;
      }
    },
  };
}
