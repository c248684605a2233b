// The public key of a machine for which no key is written: Azure makes no Linux machine without a password or a key, and a password could be guessed.
//
// An ED25519 public key is a point on a curve; its private half is the number that multiplies the curve's base point into it. Here the point is not made that
// way: the name of the stack is hashed with a counter until the digest is the encoding of a point (every second one is). Nobody has chosen the point by its number,
// and to find the number afterwards is the discrete logarithm that all keys of this kind rest on. The same stack gets the same key each time, whatever becomes of
// its machines, so that nothing is replaced for it. RFC 8032 section 5.1.3 (decoding), https://learn.microsoft.com/azure/virtual-machines/linux/create-ssh-keys-detailed

import { sha256 } from "@noble/hashes/sha2.js";

/** The field's prime, 2^255 - 19, and the curve's constant -121665/121666. */
const prime = 2n ** 255n - 19n;
const curve = modulo(-121665n * power(121666n, prime - 2n));

const keyType = "ssh-ed25519";
const known = new Map<string, string>();

/** One line of authorized_keys. */
export function keyOfNobody(stack: string): string {
  let line = known.get(stack);
  if (line === undefined) {
    line = `${keyType} ${encodeKey(findPoint(`koine: a key without a private half, for the stack ${stack}`))} nobody@${stack}`;
    known.set(stack, line);
  }
  return line;
}

/** The first digest that is the encoding of a point, as 32 bytes. */
function findPoint(seed: string): Uint8Array {
  for (let counter = 0; ; counter++) {
    const bytes = sha256(new TextEncoder().encode(`${seed} ${counter}`));
    if (isPoint(bytes)) return bytes;
  }
}

/** Whether 32 bytes encode a point: a y below the prime that has an x. That of y = 0 is one of the few of small order, whose number everybody can find. */
export function isPoint(bytes: Uint8Array): boolean {
  let y = 0n;
  for (let at = 31; at >= 0; at--) y = (y << 8n) | BigInt(at === 31 ? (bytes[at] ?? 0) & 0x7f : (bytes[at] ?? 0));
  if (y >= prime || y === 0n) return false;
  const square = modulo((y * y - 1n) * power(curve * y * y + 1n, prime - 2n));
  return power(square, (prime - 1n) / 2n) === 1n;
}

/** The key in the wire format of OpenSSH: two fields, each with its length in four bytes (RFC 8709 section 4). */
function encodeKey(point: Uint8Array): string {
  const type = new TextEncoder().encode(keyType);
  const bytes = [0, 0, 0, type.length, ...type, 0, 0, 0, point.length, ...point];
  return btoa(String.fromCharCode(...bytes));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = modulo(base), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

function modulo(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}
