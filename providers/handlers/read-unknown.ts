// Reading what comes from outside and may be anything: errors that were thrown, settings that nobody checked. Pure.

import type { PropMap } from "../../grammar/graph/value.ts";

/** Its fields; none of what is no object. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A setting of a cloud block that is a text; undefined where it is left out or empty. */
export function textSetting(settings: PropMap, name: string): string | undefined {
  return textOf(settings[name]);
}
