// The one order of the language: by Unicode code point, the same on every machine and in every locale.

/** Compares by code point; JavaScript's own order is by UTF-16 unit, which differs past U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return fixUp(left) - fixUp(right);
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the basic plane, where the code points they stand for belong. */
function fixUp(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
