// What a reviewer is shown of a plan, as data: every format (Markdown, HTML, JSON) is rendered from this and from nothing else, so that a comment can be
// written by a job that never saw the sources. Secrets never stand in it. JSON Schema: docs/schemas/report.schema.json.

import type { Action, Cause, OutputChange } from "../../engine/plan/change.ts";
import type { Impact } from "../../engine/provider/native-schema.ts";

export const reportFormat = 1;

export interface PlanReport {
  readonly koineReport: typeof reportFormat;
  readonly koine: string;
  readonly stack: StackName;
  readonly world: "real" | "simulated";
  /** What kind of plan it is. `against`: two revisions compared, no cloud and no state asked. */
  readonly mode: {
    readonly destroy?: true;
    readonly refreshOnly?: true;
    readonly offline?: true;
    readonly against?: string;
  };
  /** ISO 8601. */
  readonly createdAt: string;
  /** Git revision of the sources, where known. */
  readonly revision?: string;
  readonly clouds: readonly { readonly name: string; readonly provider: string; readonly place?: string }[];
  readonly counts: Readonly<Record<Action, number>> & { readonly unchanged: number; readonly leftOut: number };
  /** `changes` is what an approval binds to. Absent in a report of `--against`. */
  readonly digest?: { readonly changes: string; readonly basis: string };
  /** By resource: destroys and replacements first, then by address. Unchanged resources do not stand here. */
  readonly groups: readonly ReportGroup[];
  readonly outputs: readonly ReportOutput[];
  /** Objects with this stack's mark that are not managed. */
  readonly strays: readonly { readonly type: string; readonly id: string; readonly address?: string; readonly claimed: boolean }[];
  readonly settled: readonly { readonly key: string; readonly outcome: string; readonly reason?: string }[];
  readonly blocked: readonly { readonly address: string; readonly reason: string }[];
  readonly warnings: readonly string[];
  readonly diagnostics: readonly ReportDiagnostic[];
  /** Why no plan could be made; then groups and counts are empty. Not empty exactly then: sources with errors are a problem too. */
  readonly problems: readonly { readonly message: string; readonly hint?: string; readonly place?: ReportPlace }[];
  /** What this change edits that decides about trust (koine.yaml, policies, the workflow): said first. */
  readonly trust: readonly string[];
  readonly budget?: ReportBudget;
  readonly cost?: ReportCost;
  /** Resources and what refers to what, for diagrams; resources that do not change are there too. Left out above 2,000 resources. */
  readonly graph?: {
    readonly nodes: readonly { readonly address: string; readonly kind: string; readonly cloud: string; readonly action?: Action }[];
    /** Indices into nodes: the first refers to the second. */
    readonly edges: readonly (readonly [number, number])[];
  };
  /** The native objects that each resource lowers to, by cloud, for the HTML page. Values as JSON, secrets as `"(secret)"`. */
  readonly lowered?: readonly {
    readonly address: string;
    readonly cloud: string;
    readonly objects: readonly { readonly type: string; readonly role: string; readonly props: Readonly<Record<string, unknown>> }[];
  }[];
}

export interface StackName {
  readonly name: string;
  /** Of the stack's folder below the repository's root, with `/`; empty for the root. */
  readonly folder: string;
  readonly environment?: string;
}

export interface ReportPlace {
  /** Below the repository's root, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface ReportGroup {
  readonly address: string;
  readonly kind?: string;
  readonly cloud: string;
  /** The heaviest of its changes, as the text plan shows it. */
  readonly action: Action;
  /** `image → ubuntu-24.04 forces replacement`, or of a new resource what it is. */
  readonly about: string;
  readonly place?: ReportPlace;
  readonly changes: readonly ReportChange[];
}

export interface ReportChange {
  readonly key: string;
  readonly type: string;
  readonly role: string;
  readonly action: Action;
  readonly impact: Impact;
  readonly order?: "create-first" | "delete-first";
  readonly possible?: true;
  readonly props: readonly ReportProp[];
  readonly notes: readonly string[];
}

export interface ReportProp {
  readonly prop: string;
  /** Plain JSON. What is hidden or not known yet is `{ "$later": "secret" }`, `{ "$later": "known after network.main" }`; see report-value.ts. */
  readonly from?: unknown;
  readonly to?: unknown;
  readonly secret?: true;
  readonly cause: Cause;
  readonly forces?: string;
  readonly waitsFor?: readonly string[];
}

/** As in the plan; values are redacted (report-value.ts). */
export type ReportOutput = OutputChange;

export interface ReportDiagnostic {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly place?: ReportPlace;
  readonly hint?: string;
}

/** Limits of koine.yaml, judged. */
export interface ReportBudget {
  readonly verdict: "within" | "needs-approval" | "exceeded";
  /** One line for each limit that was touched: `12 objects would be destroyed; max_destroy is 10`. */
  readonly reasons: readonly string[];
}

/** Estimates; every figure is per month of 730 hours. */
export interface ReportCost {
  readonly currency: "USD";
  /** Of the price catalog, ISO date. */
  readonly pricedAt: string;
  readonly before: number;
  readonly after: number;
  readonly byCloud: readonly { readonly cloud: string; readonly before: number; readonly after: number }[];
  /** Resources whose price changes, dearest difference first. */
  readonly lines: readonly {
    readonly address: string;
    readonly cloud: string;
    readonly before: number;
    readonly after: number;
    readonly what: string;
  }[];
  /** What has a price that is not in the catalog, by type, and why. */
  readonly unpriced: readonly { readonly type: string; readonly count: number; readonly reason: string }[];
}
