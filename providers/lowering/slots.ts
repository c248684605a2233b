// Numbers for things that must not move: a slot is drawn from a hash of what it is for, not from its position, so that adding or dropping another thing
// leaves it where it is, save where two fall on one slot. Pure.

/** A slot from 0 to `count` - 1 for each key; the keys that found none free are missing. Deterministic whatever the order of `keys`. */
export function assignSlots(keys: readonly string[], count: number): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const assigned = new Map<string, number>();
  for (const key of [...keys].sort().slice(0, count)) {
    let slot = hash(key) % count;
    while (taken.has(slot)) slot = (slot + 1) % count;
    taken.add(slot);
    assigned.set(key, slot);
  }
  return assigned;
}

/** FNV-1a with 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
