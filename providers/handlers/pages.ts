// Reading lists page by page and in chunks. Knows no cloud, makes no change.

import { ProviderError } from "../../engine/provider/errors.ts";

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Token of the page that follows; empty or undefined at the end. */
  readonly next?: string | null | undefined;
}

/** All rows of a list. A page may be empty and yet have a successor; a token that comes twice would never end and is an error. */
export async function readAllPages<Row>(
  name: string,
  readPage: (token: string | undefined) => Promise<Page<Row>>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await readPage(token);
    for (const row of page.rows) rows.push(row);
    const { next } = page;
    if (next === undefined || next === null || next === "") return rows;
    if (seen.has(next)) throw new ProviderError(`${name} gave the same page token twice`, { code: "unavailable", effect: "none" });
    seen.add(next);
    token = next;
  }
}

/** Splits a list into pieces of at most `size`. */
export function chunk<T>(list: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}
