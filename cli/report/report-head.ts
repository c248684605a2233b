// What a report is of: which stack, environment, world and revision, found in the folder and its repository. Runs git once, to read the revision.

import { execFileSync } from "node:child_process";
import type { SourceFile } from "../../grammar/source/source-file.ts";
import type { GlobalOptions } from "../project/load-project.ts";
import { findPlaces } from "../render/source-place.ts";
import { koineVersion } from "../version.ts";
import type { ReportHead } from "./build-report.ts";

export interface HeadInput {
  readonly options: GlobalOptions;
  readonly mode: ReportHead["mode"];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of the compiled stack; without it, it is looked for in the sources. */
  readonly name?: string;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export function makeHead({ options, mode, now, name, sources }: HeadInput): ReportHead {
  const { root, folder } = findPlaces(options.directory);
  const revision = readRevision(root);
  return {
    koine: koineVersion(),
    stack: {
      name: name ?? findName(sources) ?? folder.slice(folder.lastIndexOf("/") + 1),
      folder,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
    },
    world: options.simulate ? "simulated" : "real",
    mode,
    createdAt: new Date(now).toISOString(),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Of sources that do not compile: the name stands there all the same. */
function findName(sources: ReadonlyMap<string, SourceFile>): string | undefined {
  for (const { text } of sources.values()) {
    const name = /^[ \t]*stack[ \t]+([A-Za-z_][A-Za-z0-9_-]*)/m.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** What is checked out; undefined outside git, before the first commit, and where there is no git. */
function readRevision(root: string): string | undefined {
  try {
    const text = execFileSync("git", ["-C", root, "rev-parse", "--verify", "HEAD"], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
    return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
