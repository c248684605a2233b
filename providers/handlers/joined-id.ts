// Ids of objects that have none of their own: the parent's id and the natural key, joined by `|`, which no id, CIDR or device name holds.

export function joinId(parent: string, key: string): string {
  return `${parent}|${key}`;
}

/** The parent's id and the natural key. Throws on an id that was not joined: our own defect. */
export function splitId(id: string): readonly [parent: string, key: string] {
  const at = id.indexOf("|");
  if (at < 0) throw new Error(`\`${id}\` does not name a parent and a key`);
  return [id.slice(0, at), id.slice(at + 1)];
}
