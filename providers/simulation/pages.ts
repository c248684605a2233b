// Cuts lists into pages whose tokens name the last item seen, so that objects that come or go between two calls shift nothing.

export interface Selection<T> {
  readonly rows: readonly T[];
  readonly nextToken?: string;
}

export interface PageCut {
  /** Items at most; absent: all. */
  readonly size?: number | undefined;
  readonly token?: string | undefined;
  /** Set by a fault: a page of this many items, or of none, with a next token. */
  readonly fault?: number | "empty" | undefined;
  /** Called for a token of somebody else's making. */
  readonly refuseToken: () => never;
}

/** One page of `items`, which are in the order of `orderOf`. */
export function cutPage<T>(items: readonly T[], orderOf: (item: T) => number | string, cut: PageCut): Selection<T> {
  const { size, token, fault } = cut;
  const start =
    token === undefined || token === "" || token === writeToken("") ? 0 : findAfter(items, orderOf, readToken(token, cut.refuseToken));
  if (fault === "empty" && start < items.length)
    return { rows: [], nextToken: token === undefined || token === "" ? writeToken("") : token };
  const most = Math.min(size ?? items.length, typeof fault === "number" ? fault : items.length);
  const end = Math.min(items.length, start + most);
  const last = items[end - 1];
  const rows = items.slice(start, end);
  return end < items.length && last !== undefined ? { rows, nextToken: writeToken(orderOf(last)) } : { rows };
}

function findAfter<T>(items: readonly T[], orderOf: (item: T) => number | string, mark: number | string): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && orderOf(item) <= mark) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function writeToken(mark: number | string): string {
  return Buffer.from(JSON.stringify({ after: mark })).toString("base64url");
}

function readToken(token: string, refuseToken: () => never): number | string {
  try {
    const { after } = JSON.parse(Buffer.from(token, "base64url").toString()) as { after?: unknown };
    if (typeof after === "number" || typeof after === "string") return after;
  } catch {
    // Not ours: refused below.
  }
  return refuseToken();
}
