// A fault plan: what goes wrong, at which request. Data in, decisions out; the server plays them.
//
//   seed: 7                       # of the probabilities
//   counting: process             # or world: counts outlive the process
//   lag: { ids: 500, tags: 2000, lists: 1000, flap: 0.3 }   # ms that indexes trail; chance to see the truth all the same
//   tokenWindow: 60000            # ms that a client token is remembered
//   throttling: true              # the documented token buckets
//   quotas: { addresses: 5 }
//   rules:
//     - { operation: RunInstances, nth: 3, do: { kind: cut, when: after } }
//     - { operation: "Describe*", probability: 0.1, times: 5, do: { kind: error } }
//
// A rule's operation is a name, a prefix with `*`, `*`, `mutating` or `reading`; `where` compares request parameters; `nth` counts the requests that
// the rule matches, from 1. Without `nth` and `probability` it is every one. Effects:
//
//   latency { ms, when: before | after }    done later, or done at once and answered later; before unless said
//   throttle                                the vendor's throttling error, nothing done
//   error { code?, status?, message? }      a server's error, nothing done (500 and the vendor's internal error)
//   deny                                    the vendor's missing permission, nothing done
//   cut { when: before | after }            the connection is cut; `after`: what was asked is done, and the caller never learns
//   late { ms }                             the connection is cut, and what was asked is done `ms` later, by whichever process serves then
//   fail { reason? }                        what is created ends in its failed state; a change in its operation's error (gcp);
//                                           of a list, the part that does not answer (gcp, reason: `zones/europe-west1-b`)
//   linger { ms }                           what ends (a machine, a NAT gateway) lets go of what it held only `ms` after its end
//   partial-page { keep }, empty-page       a page of fewer items, or of none, with a next token
//   twice { answer: first | second }        delivered twice, as by a proxy
//   meanwhile { operation, parameters }     another hand makes a request just before; `@newest:instance` stands for an id
//   kill { when: before | after }           the serving process dies (SIGKILL)

import { readFileSync } from "node:fs";
import { mix } from "./seeds.ts";

export type FaultEffect =
  | { readonly kind: "latency"; readonly ms: number; readonly when?: "before" | "after" }
  | { readonly kind: "throttle" }
  | { readonly kind: "error"; readonly code?: string; readonly status?: number; readonly message?: string }
  | { readonly kind: "deny" }
  | { readonly kind: "cut"; readonly when: "before" | "after" }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "fail"; readonly reason?: string }
  | { readonly kind: "linger"; readonly ms: number }
  | { readonly kind: "partial-page"; readonly keep: number }
  | { readonly kind: "empty-page" }
  | { readonly kind: "twice"; readonly answer?: "first" | "second" }
  | { readonly kind: "meanwhile"; readonly operation: string; readonly parameters?: Readonly<Record<string, string>> }
  | { readonly kind: "kill"; readonly when: "before" | "after" };

export interface FaultRule {
  readonly operation: string;
  readonly nth?: number | readonly number[];
  readonly probability?: number;
  /** At most this often. */
  readonly times?: number;
  readonly where?: Readonly<Record<string, string>>;
  readonly do: FaultEffect;
}

export interface FaultPlan {
  readonly seed?: number;
  readonly counting?: "process" | "world";
  readonly lag?: Readonly<Partial<Record<"ids" | "tags" | "lists" | "flap", number>>>;
  readonly tokenWindow?: number;
  readonly throttling?: boolean;
  readonly quotas?: Readonly<Record<string, number>>;
  readonly rules?: readonly FaultRule[];
}

const EFFECT_FIELDS: Readonly<Record<FaultEffect["kind"], readonly string[]>> = {
  latency: ["ms", "when"],
  throttle: [],
  error: ["code", "status", "message"],
  deny: [],
  cut: ["when"],
  late: ["ms"],
  fail: ["reason"],
  linger: ["ms"],
  "partial-page": ["keep"],
  "empty-page": [],
  twice: ["answer"],
  meanwhile: ["operation", "parameters"],
  kill: ["when"],
};
const NEEDED: Readonly<Partial<Record<FaultEffect["kind"], string>>> = {
  latency: "ms",
  cut: "when",
  late: "ms",
  linger: "ms",
  "partial-page": "keep",
  meanwhile: "operation",
  kill: "when",
};

/** Checks a plan's form. Throws an Error that names what is wrong: a fault that is silently not played would prove nothing. */
export function readFaultPlan(data: unknown): FaultPlan {
  if (data === undefined || data === null) return {};
  const plan = readRecord(data, "the plan", ["seed", "counting", "lag", "tokenWindow", "throttling", "quotas", "rules"]);
  if (plan.lag !== undefined) readRecord(plan.lag, "lag", ["ids", "tags", "lists", "flap"]);
  if (plan.counting !== undefined && plan.counting !== "process" && plan.counting !== "world")
    throw new Error("fault plan: counting is process or world");
  if (plan.rules !== undefined && !Array.isArray(plan.rules)) throw new Error("fault plan: rules is a list");
  for (const [n, rule] of ((plan.rules ?? []) as unknown[]).entries()) {
    const place = `rule ${n + 1}`;
    const { operation, do: effect } = readRecord(rule, place, ["operation", "nth", "probability", "times", "where", "do"]);
    if (typeof operation !== "string") throw new Error(`fault plan: ${place} needs an operation`);
    const kind = (effect as { kind?: unknown } | undefined)?.kind as FaultEffect["kind"];
    const fields = EFFECT_FIELDS[kind];
    if (fields === undefined)
      throw new Error(`fault plan: ${place} does ${String(kind)}; known are ${Object.keys(EFFECT_FIELDS).join(", ")}`);
    const given = readRecord(effect, `${place}, do`, ["kind", ...fields]);
    const needed = NEEDED[kind];
    if (needed !== undefined && given[needed] === undefined) throw new Error(`fault plan: ${place}: ${kind} needs ${needed}`);
  }
  return plan as FaultPlan;
}

function readRecord(data: unknown, place: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new Error(`fault plan: ${place} is not a map`);
  for (const key of Object.keys(data))
    if (!keys.includes(key)) throw new Error(`fault plan: ${place} has no ${key}; known are ${keys.join(", ")}`);
  return data as Record<string, unknown>;
}

export interface FaultPlayer {
  /** The effects on this request, in the plan's order. Counts it. */
  next(request: {
    readonly operation: string;
    readonly mutating: boolean;
    readonly parameters: Readonly<Record<string, string>>;
  }): readonly FaultEffect[];
}

/** `count` adds one to a named counter and answers what it is now. */
export function createFaultPlayer(plan: FaultPlan, count: (name: string) => number): FaultPlayer {
  const rules = (plan.rules ?? []).map((rule, n) => ({ rule, name: `${n}:${JSON.stringify(rule)}` }));
  return {
    next: ({ operation, mutating, parameters }) => {
      const effects: FaultEffect[] = [];
      for (const [index, { rule, name }] of rules.entries()) {
        if (!matchesOperation(rule.operation, operation, mutating)) continue;
        if (!Object.entries(rule.where ?? {}).every(([key, value]) => parameters[key] === value)) continue;
        const n = count(name);
        if (rule.nth !== undefined && !(typeof rule.nth === "number" ? rule.nth === n : rule.nth.includes(n))) continue;
        if (rule.probability !== undefined && mix(plan.seed ?? 0, index, n) / 2 ** 32 >= rule.probability) continue;
        if (rule.times !== undefined && count(`${name} played`) > rule.times) continue;
        effects.push(rule.do);
      }
      return effects;
    },
  };
}

function matchesOperation(pattern: string, operation: string, mutating: boolean): boolean {
  if (pattern === "mutating") return mutating;
  if (pattern === "reading") return !mutating;
  return pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern;
}

/** The plan as JSON in the file that an environment variable names; undefined when it names none. */
export function readPlanFile(variable: string): unknown {
  const path = process.env[variable];
  return path === undefined || path === "" ? undefined : JSON.parse(readFileSync(path, "utf8"));
}

/** Counts of this process, or those of the world where the plan says so. */
export function chooseCounter(plan: FaultPlan, countInWorld: (name: string) => number): (name: string) => number {
  if (plan.counting === "world") return countInWorld;
  const counts = new Map<string, number>();
  return (name) => {
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return n;
  };
}
