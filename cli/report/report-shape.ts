// The shape of a report as data: what `parseReport` accepts, and what the JSON Schema says. Every field of `PlanReport` stands here and no other. Pure.

import {
  boolean,
  data,
  described,
  integer,
  list,
  map,
  matching,
  number,
  object,
  oneOf,
  type Shape,
  string,
} from "../../engine/state/data-shape.ts";
import { reportFormat } from "./report.ts";

/** Below the repository's root: neither absolute nor upwards. */
const path = matching("^(?!/)(?!([\\s\\S]*/)?\\.\\.(/|$))");
const digest = matching("^sha256:[0-9a-f]{64}$");
const action = oneOf("create", "update", "replace", "delete", "adopt", "forget", "rename");
const truth = oneOf(true);

const place = object({ file: path, line: integer(1), column: integer(1) });

const prop = object(
  { prop: string, cause: oneOf("author", "drift", "both", "deferred", "replacement", "mark") },
  { from: data, to: data, secret: truth, forces: string, waitsFor: list(string) },
);

const change = object(
  {
    key: string,
    type: string,
    role: string,
    action,
    impact: oneOf("none", "restart", "downtime", "data-loss"),
    props: list(prop),
    notes: list(string),
  },
  { order: oneOf("create-first", "delete-first"), possible: truth },
);

const group = object({ address: string, cloud: string, action, about: string, changes: list(change) }, { kind: string, place });

const counts = object({
  create: integer(0),
  update: integer(0),
  replace: integer(0),
  delete: integer(0),
  adopt: integer(0),
  forget: integer(0),
  rename: integer(0),
  unchanged: integer(0),
  leftOut: integer(0),
});

const cost = object({
  currency: oneOf("USD"),
  pricedAt: string,
  before: number,
  after: number,
  byCloud: list(object({ cloud: string, before: number, after: number })),
  lines: list(object({ address: string, cloud: string, before: number, after: number, what: string })),
  unpriced: list(object({ type: string, count: integer(0), reason: string })),
});

const graph = object({
  nodes: list(object({ address: string, kind: string, cloud: string }, { action })),
  edges: described("Pairs of indices into nodes: the first refers to the second.", list(list(integer(0)))),
});

const lowered = object({
  address: string,
  cloud: string,
  objects: list(object({ type: string, role: string, props: map(data) })),
});

export const reportShape: Shape = described(
  "What a reviewer is shown of a plan. Secrets never stand in it.",
  object(
    {
      koineReport: oneOf(reportFormat),
      koine: string,
      stack: object({ name: string, folder: path }, { environment: string }),
      world: oneOf("real", "simulated"),
      mode: object({}, { destroy: truth, refreshOnly: truth, offline: truth, against: string }),
      createdAt: matching("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$"),
      clouds: list(object({ name: string, provider: string }, { place: string })),
      counts,
      groups: list(group),
      outputs: list(object({ name: string, deferred: boolean, secret: boolean }, { from: data, to: data, waitsFor: list(string) })),
      strays: list(object({ type: string, id: string, claimed: boolean }, { address: string })),
      settled: list(object({ key: string, outcome: string }, { reason: string })),
      blocked: list(object({ address: string, reason: string })),
      warnings: list(string),
      diagnostics: list(object({ code: string, severity: oneOf("error", "warning", "info"), message: string }, { place, hint: string })),
      problems: list(object({ message: string }, { hint: string, place })),
      trust: list(string),
    },
    {
      revision: matching("^[0-9a-f]{40}([0-9a-f]{24})?$"),
      digest: object({ changes: digest, basis: digest }),
      budget: object({ verdict: oneOf("within", "needs-approval", "exceeded"), reasons: list(string) }),
      cost,
      graph,
      lowered: list(lowered),
    },
  ),
);
