// The nearest known word to a misspelled one. Pure and bounded: long words and long lists cost little.

const longestWord = 64;

/**
 * The candidate that `name` was most probably meant to be, or undefined when none is near. Near means at most one edit in
 * three letters (insert, delete, change, or swap of neighbours); letter case counts half. Of equals, the first by code point.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > longestWord) return undefined;
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > longestWord || Math.abs(candidate.length - name.length) > limit) continue;
    const letters = countEdits(wanted, candidate.toLowerCase(), limit);
    if (letters > limit || letters >= Math.max(name.length, candidate.length)) continue;
    const distance = letters + (letters === 0 ? 0 : sameCase(name, candidate) ? 0 : 0.5);
    if (distance < bestDistance || (distance === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function sameCase(name: string, candidate: string): boolean {
  return (name === name.toLowerCase()) === (candidate === candidate.toLowerCase());
}

/** Optimal string alignment distance; gives up with more than `limit` as soon as a whole row is beyond it. */
function countEdits(first: string, second: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let i = 1; i <= first.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= second.length; j++) {
      const same = first.charCodeAt(i - 1) === second.charCodeAt(j - 1);
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && first.charCodeAt(i - 1) === second.charCodeAt(j - 2) && first.charCodeAt(i - 2) === second.charCodeAt(j - 1);
      if (swapped) edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      row.push(edits);
      if (edits < smallest) smallest = edits;
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[second.length] ?? 0;
}
