// What a service answered, as a part of one line of a message.

/** One line without control characters, not longer than a message should be. */
export function keepPrintable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, 300);
}
