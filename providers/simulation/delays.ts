// How much of the real cloud's waiting a run shows. Each cloud lists its own passages in seconds; nothing else may scale time.

export type Delays = "realistic" | "short" | "none";

/** `realistic` keeps the proportions at a tenth of the time, so that they can be watched. */
const SCALE: Readonly<Record<Delays, number>> = { realistic: 0.1, short: 0.01, none: 0 };

/** Milliseconds that a passage of so many real seconds takes. With `none`, the state in between is seen in the answer that starts it and nowhere else. */
export function scalePassage(seconds: number, delays: Delays): number {
  return Math.round(seconds * 1000 * SCALE[delays]);
}
