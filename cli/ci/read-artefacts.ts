// Reads the reports that another run left, as those of a stranger: a fork may have written them with anything in them. Regular files with one name only,
// so many, so large, and exactly of the report's shape.

import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CannotUse, describeSystemError } from "../render/failure.ts";
import { parseReport } from "../report/parse-report.ts";
import type { PlanReport } from "../report/report.ts";
import { nameSubject } from "./find-subjects.ts";
import type { Subject } from "./host.ts";

export interface ArtefactLimits {
  readonly reports: number;
  /** Bytes of all of them. */
  readonly bytes: number;
}

export interface ReadArtefacts {
  readonly reports: readonly { readonly subject: Subject; readonly report: PlanReport }[];
  /** Why others were not taken, one sentence each; paths below the folder. */
  readonly refused: readonly string[];
}

const deepest = 4;
/** What an unpacked artefact of ours could hold, many times over. */
const mostEntries = 10_000;

/** Throws `CannotUse` where the folder cannot be read. */
export function readArtefacts(folder: string, limits: ArtefactLimits): ReadArtefacts {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new CannotUse(
      `there is no folder \`${folder}\` with artefacts`,
      "name the folder that the run's artefacts were unpacked into with `--from DIR`",
    );
  const refused: string[] = [];
  const reports = new Map<string, ReadArtefacts["reports"][number]>();
  let bytes = 0;
  for (const path of findReports(folder, refused)) {
    const size = lstatSync(join(folder, path)).size;
    if (reports.size >= limits.reports || bytes + size > limits.bytes) {
      refused.push(
        `\`${path}\` and what follows: that is more than ${limits.reports} reports or ${Math.floor(limits.bytes / 1024 / 1024)} MiB`,
      );
      break;
    }
    bytes += size;
    const read = parseReport(readFileSync(join(folder, path), "utf8"));
    if ("mistake" in read) {
      refused.push(`\`${path}\` is no report: ${read.mistake}`);
      continue;
    }
    const subject = readSubject(read.report);
    if (!subject) refused.push(`\`${path}\` names no folder of a repository`);
    else if (reports.has(nameSubject(subject))) refused.push(`\`${path}\` is a second report of ${nameSubject(subject)}`);
    else reports.set(nameSubject(subject), { subject, report: read.report });
  }
  return { reports: [...reports.values()], refused };
}

/** Paths of regular files called report.json, sorted; links are not followed. */
function findReports(root: string, refused: string[]): readonly string[] {
  const found: string[] = [];
  let entries = 0;
  const look = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      if (++entries > mostEntries)
        throw new CannotUse(`\`${root}\` holds more than ${mostEntries} files`, "these are no artefacts of `koine ci plan`");
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isSymbolicLink()) refused.push(`\`${path}\` is a link`);
      else if (entry.isDirectory() && depth < deepest) look(path, depth + 1);
      else if (entry.isFile() && entry.name === "report.json") found.push(path);
    }
  };
  try {
    look("", 0);
  } catch (error) {
    if (error instanceof CannotUse) throw error;
    throw new CannotUse(`\`${root}\` cannot be read: ${describeSystemError(error)}`, "unpack the run's artefacts anew");
  }
  return found.sort();
}

const environmentName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A folder below a root, as git names it: nothing empty, `.` or `..` in it. */
function readSubject({ stack: { folder, environment } }: PlanReport): Subject | undefined {
  const parts = folder === "" ? [] : folder.split("/");
  const sound = folder.length <= 1024 && parts.every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
  if (!sound || (environment !== undefined && !environmentName.test(environment))) return undefined;
  return { folder, ...(environment === undefined ? {} : { environment }) };
}
