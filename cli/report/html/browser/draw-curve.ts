// A line between two boxes of different clouds. Used when the page is made and, in the page, when a cloud is folded: it may use nothing outside itself.

/** Path data of a curve that leaves the first to the left and enters the second from the right. */
export function drawCurve(from: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }): string {
  const bend = Math.max(60, Math.abs(from.x - to.x) / 3);
  return `M${from.x} ${from.y}C${from.x - bend} ${from.y} ${to.x + bend} ${to.y} ${to.x} ${to.y}`;
}
