// Pages of reports as files, for a browser to open as a reviewer would who downloaded the artefact.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { renderHtml } from "../../cli/report/html/render-html.ts";
import type { PlanReport } from "../../cli/report/report.ts";
import { makeScratch } from "../support/run-koine.ts";

/** The page's address as `file://`. */
export async function writePage(report: PlanReport): Promise<string> {
  const file = join(makeScratch(), "plan.html");
  writeFileSync(file, await renderHtml(report, { linkOf: ({ file: source, line }) => `https://git.example/blob/main/${source}#L${line}` }));
  return pathToFileURL(file).href;
}
