// Where `koine ci` runs and for what, read once from the environment and the event; everything after works on this value. Reads no network.

import type { Host } from "./host.ts";

export type Situation = Reviewing | Queued | Merged | Completed | Plain;

interface Common {
  /** Absolute; the repository's root. */
  readonly root: string;
  /** The revision that is checked out. */
  readonly sha: string;
  /** Absent on a plain host, or where no token is given: then nothing is posted, and everything is printed and kept. */
  readonly host?: Host;
  /** Where artefacts are written. */
  readonly out: string;
  /** Commands of the host for its log: annotations, groups, step outputs and summary. */
  readonly log: HostLog;
  /** The host's name of what happened: `pull_request`, `pull_request_review`, `workflow_dispatch`, `merge_request_event`; absent without a host. */
  readonly event?: string;
}

/** A change request is open: plan it. */
export interface Reviewing extends Common {
  readonly kind: "reviewing";
  readonly number: number;
  readonly headSha: string;
  /** What the change is compared with and what decides about trust: where it would be merged. */
  readonly baseSha: string;
  readonly fork: boolean;
}

/** A merge queue made a revision that will be the branch's if all checks pass. Nothing of a fork's own runs here; the queue holds reviewed changes only. */
export interface Queued extends Common {
  readonly kind: "queued";
  readonly headSha: string;
  readonly baseSha: string;
}

/** Something reached the branch that is applied: apply it. `before` is the branch's former revision; absent where the branch is new. */
export interface Merged extends Common {
  readonly kind: "merged";
  readonly before?: string;
}

/** Another workflow ended, perhaps one of a fork that may post nothing: what it left is posted by this one, which never checks its sources out. */
export interface Completed extends Common {
  readonly kind: "completed";
  /** Of the run that ended, as the event says. */
  readonly headSha: string;
  readonly headBranch: string;
  /** Who owns the repository of the head. */
  readonly headOwner: string;
}

/** No event that carries revisions (by hand, on a schedule, dispatched): the base revision, if one is needed, is given by hand. */
export interface Plain extends Common {
  readonly kind: "plain";
  readonly base?: string;
}

export interface HostLog {
  annotate(annotation: {
    readonly file?: string;
    readonly line?: number;
    readonly level: "notice" | "warning" | "error";
    readonly title?: string;
    readonly message: string;
  }): void;
  group<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /** Lines that others wrote: nothing in them is a command of the host. */
  print(text: string): void;
  /** A value for later steps; a file for the host's own, never a log line. */
  setOutput(name: string, value: string): void;
  /** Markdown on the run's page. */
  addSummary(markdown: string): void;
}
