// IPv4 addresses as unsigned 32-bit numbers, so that arithmetic and sorting are plain. Knows text and numbers only.

/** One past the highest address. */
export const addressCount = 2 ** 32;

/**
 * The number of a dotted quad, or undefined when it is none. Leading zeros are refused: some readers take them for octal.
 */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const octet = parseDecimal(part, 255);
    if (octet === undefined) return undefined;
    value = value * 256 + octet;
  }
  return value;
}

/** The dotted quad of a number in `[0, 2^32)`. */
export function formatIpv4(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join(".");
}

/** A decimal number without sign or leading zeros, at most `max`. */
export function parseDecimal(text: string, max: number): number | undefined {
  if (text.length === 0 || text.length > 10) return undefined;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return undefined;
  }
  if (text.length > 1 && text.startsWith("0")) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
