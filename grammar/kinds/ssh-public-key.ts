// OpenSSH public keys: reads one line of authorized_keys down to the lengths inside, so that a cut or mixed-up key shows.
// Reasons and hints never repeat any of the text: it may be a private key.

export type PublicKey =
  | { readonly kind: "rsa"; readonly bits: number }
  | { readonly kind: "ed25519" }
  | { readonly kind: "ecdsa"; readonly curve: string }
  /** A key that lives in a security device (`sk-…@openssh.com`). */
  | { readonly kind: "hardware"; readonly type: string }
  /** Well formed, of a type that is not taken: DSA, certificates. */
  | { readonly kind: "unknown"; readonly type: string }
  /** The other half of a pair, in whatever format. */
  | { readonly kind: "private" }
  | { readonly kind: "malformed"; readonly reason: string; readonly hint: string };

const copyHint = "copy the whole line from the file that ends in .pub";

/** Type names and the wire format: RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4, OpenSSH PROTOCOL.u2f. */
const knownTypes = new Set([
  "ssh-rsa",
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
]);

const typePattern = /^[a-z0-9][a-z0-9@.-]{2,63}$/;

/** Judges the text of a public key. The comment at the end of the line does not matter. */
export function parsePublicKey(text: string): PublicKey {
  if (text.includes("PRIVATE KEY") || text.includes("PuTTY-User-Key-File")) return { kind: "private" };
  const line = text.trim();
  if (line === "") return malformed("it is empty", copyHint);
  if (line.startsWith("---") || line.startsWith("====")) {
    return malformed("it is in another format than OpenSSH's", "convert it with `ssh-keygen -i -f FILE`");
  }
  if (line.includes("\n") || line.includes("\r"))
    return malformed("it has several lines", "give one key, on one line; declare a `key` for each");
  const [type = "", body = ""] = line.split(/[ \t]+/, 2);
  if (body === "") return malformed("it is one word, and should be a type and a key", copyHint);
  if (!typePattern.test(type))
    return malformed("it does not begin with a type", "begin with the type, such as ssh-ed25519, without options before it");
  const bytes = decodeBase64(body);
  if (!bytes) return malformed("its second word is not base64", copyHint);
  const reader = makeReader(bytes);
  const innerType = readText(reader);
  if (innerType === undefined) return malformed("it is cut short", copyHint);
  if (innerType !== type) return malformed("the type at its beginning is not the type inside the key", copyHint);
  if (!knownTypes.has(type)) return { kind: "unknown", type };
  return readBody(type, reader);
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readBody(type: string, reader: Reader): PublicKey {
  const found = readFields(type, reader);
  if (!found) return malformed("it is cut short", copyHint);
  return reader.at === reader.bytes.length ? found : malformed("it has more bytes than its type needs", copyHint);
}

function readFields(type: string, reader: Reader): PublicKey | undefined {
  switch (type) {
    case "ssh-rsa": {
      const exponent = readField(reader);
      const modulus = readField(reader);
      return exponent && modulus ? { kind: "rsa", bits: countBits(modulus) } : undefined;
    }
    case "ssh-ed25519":
      return readField(reader)?.length === 32 ? { kind: "ed25519" } : undefined;
    case "sk-ssh-ed25519@openssh.com":
      return readField(reader)?.length === 32 && readField(reader) ? { kind: "hardware", type } : undefined;
    case "sk-ecdsa-sha2-nistp256@openssh.com":
      return readPoint(reader) && readField(reader) ? { kind: "hardware", type } : undefined;
    default: {
      const curve = readPoint(reader);
      return curve !== undefined && type === `ecdsa-sha2-${curve}` ? { kind: "ecdsa", curve } : undefined;
    }
  }
}

const pointLengths: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };

/** A curve's name and an uncompressed point on it. */
function readPoint(reader: Reader): string | undefined {
  const curve = readText(reader);
  const point = readField(reader);
  return curve !== undefined && point?.[0] === 4 && point.length === pointLengths[curve] ? curve : undefined;
}

function makeReader(bytes: Uint8Array): Reader {
  return { bytes, at: 0 };
}

/** A field is a length in four bytes, highest first, and as many bytes (RFC 4251 section 5). */
function readField(reader: Reader): Uint8Array | undefined {
  const { bytes, at } = reader;
  if (at + 4 > bytes.length) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
  if (at + 4 + length > bytes.length) return undefined;
  reader.at = at + 4 + length;
  return bytes.subarray(at + 4, at + 4 + length);
}

function readText(reader: Reader): string | undefined {
  const field = readField(reader);
  return field && String.fromCharCode(...field.subarray(0, 64));
}

/** Bits of a positive number, highest byte first; a leading zero byte only keeps it positive. */
function countBits(field: Uint8Array): number {
  let start = 0;
  while (start < field.length && field[start] === 0) start++;
  const first = field[start];
  return first === undefined ? 0 : (field.length - start) * 8 - (Math.clz32(first) - 24);
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function malformed(reason: string, hint: string): PublicKey {
  return { kind: "malformed", reason, hint };
}
