// The part of GCE's filter language that is served: comparisons of fields joined by AND. Anything else is refused, never ignored.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances/list#body.QUERY_PARAMETERS.filter
//
//   name = web-1        name != web-1       labels.env = "prod"     labels.env:*       description:"koine"     scheduling.preemptible = true
//   name eq web-.*      name ne web-.*      (a regular expression that matches the whole value; never mixed with the others)
//   status = RUNNING AND labels.env = prod      (status = RUNNING) (labels.env = prod)

import { refuseUnimplemented, refuseValue } from "./errors.ts";

type Operator = "=" | "!=" | ":" | "eq" | "ne";

export interface Comparison {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
  matches(resource: unknown): boolean;
}

const TERM = /^([A-Za-z][\w.-]*)(?:\s*(!=|<=|>=|=|<|>|:)\s*|\s+(eq|ne)\s+)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()"']+)/;

/** Reads a filter; none for an absent one. */
export function readFilter(text: string | undefined): readonly Comparison[] {
  const comparisons: Comparison[] = [];
  let rest = (text ?? "").trim();
  let open = 0;
  while (rest !== "") {
    const space = /^(\s+|AND\b)/.exec(rest);
    if (space !== null) {
      rest = rest.slice(space[0].length);
      continue;
    }
    if (/^(OR|NOT)\b|^-/.test(rest)) refuseUnimplemented(`OR and NOT in a filter ('${text}')`);
    if (rest.startsWith("(") || rest.startsWith(")")) {
      open += rest.startsWith("(") ? 1 : -1;
      if (open < 0) break;
      rest = rest.slice(1);
      continue;
    }
    const term = TERM.exec(rest);
    if (term === null) refuseValue("filter", text, "Invalid list filter expression.");
    const [whole, field = "", sign, word, raw = ""] = term;
    comparisons.push(compare(field, sign ?? word ?? "", unquote(raw), raw));
    rest = rest.slice(whole.length);
  }
  if (open !== 0) refuseValue("filter", text, "Invalid list filter expression.");
  const legacy = comparisons.filter(({ operator }) => operator === "eq" || operator === "ne").length;
  if (legacy !== 0 && legacy !== comparisons.length) refuseValue("filter", text, "The two sorts of filter expressions cannot be mixed.");
  return comparisons;
}

function unquote(raw: string): string {
  return /^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(.)/g, "$1") : raw;
}

function compare(field: string, operator: string, value: string, raw: string): Comparison {
  const test = chooseTest(operator, value, raw);
  const path = field.split(".");
  return {
    field,
    operator: operator as Operator,
    value,
    matches: (resource) => {
      const found = follow(resource, path);
      return test(found === undefined || found === null ? undefined : String(found));
    },
  };
}

function chooseTest(operator: string, value: string, raw: string): (found: string | undefined) => boolean {
  const isQuoted = raw !== value;
  switch (operator) {
    case "=":
    case "!=": {
      if (value.includes("*") && !isQuoted) refuseUnimplemented("A wildcard in a filter");
      const equal = operator === "=";
      return (found) => (found === value) === equal;
    }
    case ":":
      if (value === "*" && !isQuoted) return (found) => found !== undefined;
      if (value.includes("*") && !isQuoted) refuseUnimplemented("A wildcard in a filter");
      return (found) => found?.includes(value) === true;
    case "eq":
    case "ne": {
      const pattern = readPattern(value);
      return (found) => pattern.test(found ?? "") === (operator === "eq");
    }
    default:
      return refuseUnimplemented(`The operator '${operator}' in a filter`);
  }
}

function readPattern(value: string): RegExp {
  try {
    return new RegExp(`^(?:${value})$`, "s");
  } catch {
    return refuseValue("filter", value, "Invalid regular expression.");
  }
}

function follow(resource: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === "object" && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined),
    resource,
  );
}
