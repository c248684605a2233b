// How what Koine wrote is found again: the first line of a comment, an issue or a record is an HTML comment that names its subject. Only the first line is
// read, and it is always written here, so no text of a user below it can pass for one. A marker alone proves nothing: whoever reads it asks for the author too.

import { HostError, type Subject } from "../host.ts";

/** `plan`: comment on a change request. `drift`: issue. `record`: that a plan was shown, where no check can hold it. */
export type MarkerKind = "plan" | "drift" | "record";

/** What a marker line may take of a body's limit. */
export const markerRoom = 1024;

const longestSubject = 900;

/** `.` for the repository's root, else the folder, percent-encoded; then the environment. No character that ends an HTML comment comes through. */
export function encodeSubject({ folder, environment }: Subject): string {
  const words = [folder === "" ? "." : encode(folder), ...(environment === undefined ? [] : [encode(environment)])];
  const text = words.join(" ");
  if (text.length > longestSubject) {
    throw new HostError(`the folder \`${folder}\` has too long a path to be named in a comment`, "move the stack to a shorter path");
  }
  return text;
}

export function decodeSubject(text: string): Subject | undefined {
  const [folder, environment, ...more] = text.split(" ").map(decode);
  if (folder === undefined || more.length > 0) return undefined;
  if (text.includes(" ") && environment === undefined) return undefined;
  return { folder: folder === "." ? "" : folder, ...(environment === undefined ? {} : { environment }) };
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return one.folder === other.folder && one.environment === other.environment;
}

/** The body with its marker; `more` are words after the subject. */
export function mark(kind: MarkerKind, subject: Subject, markdown: string, more = ""): string {
  return `<!-- koine:${kind}:1 ${encodeSubject(subject)}${more === "" ? "" : ` | ${more}`} -->\n${markdown}`;
}

export interface Marked {
  readonly subject: Subject;
  /** The words after the subject. */
  readonly more: string;
}

/** Reads the first line of a body; undefined where it is no marker of this kind. */
export function readMarker(kind: MarkerKind, body: string | null | undefined): Marked | undefined {
  const line = (body ?? "").split("\n", 1)[0]?.replace(/\r$/, "") ?? "";
  const match = /^<!-- koine:(plan|drift|record):1 ([^|]+?)(?: \| ([^|]*))? -->$/.exec(line);
  if (match?.[1] !== kind || match[2] === undefined) return undefined;
  const subject = decodeSubject(match[2]);
  return subject && { subject, more: match[3] ?? "" };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[-.!~*'()]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string | undefined {
  if (text === ".") return text;
  try {
    const decoded = decodeURIComponent(text);
    return encode(decoded) === text && text !== "" ? decoded : undefined;
  } catch {
    return undefined;
  }
}
