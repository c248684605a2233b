// A comment with what differs from run to run replaced, for golden files: digests, times, scratch folders. Revisions stay the same by themselves.

/** Numbered in the order they appear, so that two places with the same digest stay so. */
export function makeStable(text: string): string {
  const digests = new Map<string, string>();
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, (digest) => {
      const name =
        digests.get(digest) ??
        `sha256:${String(digests.size + 1)
          .repeat(64)
          .slice(0, 64)}`;
      digests.set(digest, name);
      return name;
    })
    .replaceAll(/\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?Z)?/g, "2026-01-05 09:00")
    .replaceAll(/\b(vpc|subnet|sg|sgr|i|vol|igw|rtb|rtbassoc|eni|nat|eipalloc)-[0-9a-f]{8,17}\b/g, "$1-00000000000000000");
}
