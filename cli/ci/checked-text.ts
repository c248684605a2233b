// Values from the environment and from an event's file, looked at before anything is done with them: whoever opens a change request writes some of
// them. What has another shape than its meaning asks for is refused by name.

import { CannotUse } from "../render/failure.ts";
import { shaPattern } from "./git.ts";

const hint = "the host sets it; a step before may have overwritten it, or this version of the host is not known to Koine";

/** A member of nested objects, `pull_request.head.sha`; undefined where any part is missing. */
export function readMember(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** 40 hexadecimal digits (64 in a repository of SHA-256). Throws `CannotUse`. */
export function expectSha(value: unknown, name: string): string {
  if (typeof value === "string" && shaPattern.test(value)) return value;
  throw new CannotUse(`${name} is no git revision: ${show(value)}`, hint);
}

/** A whole number from 1 on, as a number or in digits. Throws `CannotUse`. */
export function expectNumber(value: unknown, name: string): number {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && /^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new CannotUse(`${name} is no number of the host: ${show(value)}`, hint);
}

/** An absolute http or https URL without credentials, query or fragment; without `/` at the end. Throws `CannotUse`. */
export function expectUrl(value: unknown, name: string): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const plain = url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url && plain) return url.href.replace(/\/+$/, "");
  throw new CannotUse(`${name} is no URL of the host: ${show(value)}`, hint);
}

/** `owner/name` on GitHub, `group/…/name` on GitLab. Throws `CannotUse`. */
export function expectRepository(value: unknown, name: string): string {
  if (
    typeof value === "string" &&
    value.length <= 512 &&
    /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+$/.test(value) &&
    !/(?:^|\/)\.\.?(?:\/|$)/.test(value)
  )
    return value;
  throw new CannotUse(`${name} names no repository: ${show(value)}`, hint);
}

/** The name of a user or a branch: not empty, nothing that could end a line or a field. Throws `CannotUse`. */
export function expectName(value: unknown, name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (typeof value === "string" && value.length > 0 && value.length <= 255 && !/[\u0000-\u0020\u007f:?*\\^~[]/.test(value)) return value;
  throw new CannotUse(`${name} is no name: ${show(value)}`, hint);
}

function show(value: unknown): string {
  if (value === undefined || value === "") return "it is missing";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value);
  return `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
}
