// Pieces of native schemas that do not depend on the cloud. Data only.

/** In milliseconds. */
export const minutes = (count: number): number => count * 60_000;
