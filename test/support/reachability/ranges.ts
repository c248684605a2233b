// IPv4 ranges of the reachability oracles. Written for them alone: the arithmetic of the compiler is part of what they judge, so nothing here may be
// taken from it.

/** First and last address, both included, as unsigned 32-bit numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export const everywhere: Range = { first: 0, last: 2 ** 32 - 1 };

/** The number of a dotted quad. Throws when it is none. */
export function readIp(text: string): number {
  const octets = text.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) throw new Error(`${text} is no IPv4 address`);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function writeIp(ip: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(ip / 2 ** bits) % 256).join(".");
}

/** The range of `a.b.c.d/n`, or of `a.b.c.d` alone. Throws when it is neither. */
export function readRange(text: string): Range {
  const [ip = "", prefix = "32"] = text.split("/");
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(readIp(ip) / size) * size;
  return { first, last: first + size - 1 };
}

export function holds(range: Range, ip: number): boolean {
  return range.first <= ip && ip <= range.last;
}

const unroutable = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
].map(readRange);

/** Whether a host of the internet can have it. https://www.iana.org/assignments/iana-ipv4-special-registry */
export function isOnTheInternet(ip: number): boolean {
  return holds(everywhere, ip) && !unroutable.some((range) => holds(range, ip));
}
