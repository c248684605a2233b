// What `koine ci` tells the host's own log: annotations, groups, outputs of the step and its page. Text of users goes through the escapes of each
// host; values go into the files that the host names, never through a log line. One stream for all of it, so that a group holds what belongs to it.

import { randomBytes } from "node:crypto";
import { appendFileSync, statSync } from "node:fs";
import { formatWorkflowCommand } from "../render/workflow-command.ts";
import type { Terminal } from "../terminal.ts";
import type { HostLog } from "./situation.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Annotation = Parameters<HostLog["annotate"]>[0];

/** The log of the host whose variables these are. */
export function openHostLog(terminal: Terminal, variables: Variables): HostLog {
  if (variables.GITHUB_ACTIONS === "true") return githubLog(terminal, variables);
  if (variables.GITLAB_CI === "true") return gitlabLog(terminal);
  return plainLog(terminal);
}

/** A page of a step holds 1 MiB; more of it is refused as a whole: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
const summaryLimit = 1024 * 1024;

function githubLog(terminal: Terminal, variables: Variables): HostLog {
  const command = (...given: Parameters<typeof formatWorkflowCommand>): void => terminal.raw(`${formatWorkflowCommand(...given)}\n`);
  return {
    annotate: ({ file, line, level, title, message }) => command(level, { file, line, title }, message),
    group: async (title, work) => {
      command("group", {}, title);
      try {
        return await work();
      } finally {
        command("endgroup", {}, "");
      }
    },
    // The terminal takes commands out of the text; this holds even where it would miss one.
    print: (text) => {
      if (text === "") return;
      const token = randomBytes(16).toString("hex");
      command("stop-commands", {}, token);
      terminal.out(endLine(text));
      terminal.raw(`::${token}::\n`);
    },
    setOutput: (name, value) => {
      if (!variables.GITHUB_OUTPUT) return;
      // The value may hold any line but this one.
      const end = `end-${randomBytes(16).toString("hex")}`;
      appendFileSync(variables.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
    },
    addSummary: (markdown) => {
      const path = variables.GITHUB_STEP_SUMMARY;
      if (!path) return;
      const full = endLine(markdown);
      const free = summaryLimit - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
      if (Buffer.byteLength(full) + summaryFull.length <= free) appendFileSync(path, full);
      else if (summaryFull.length <= free) appendFileSync(path, summaryFull);
    },
  };
}

const summaryFull = "\n_More does not fit on this page; the artefacts hold it._\n";

/** https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections */
function gitlabLog(terminal: Terminal): HostLog {
  let sections = 0;
  const mark = (word: "start" | "end", name: string, options: string, header: string): void =>
    terminal.raw(`\u001b[0Ksection_${word}:${Math.floor(Date.now() / 1000)}:${name}${options}\r\u001b[0K${header}\n`);
  return {
    ...plainLog(terminal),
    group: async (title, work) => {
      const name = `koine_${++sections}`;
      // The header shares the line with the mark, so it may not go through the terminal's escapes: what is no plain character is left out.
      mark("start", name, "[collapsed=true]", title.replace(/[^\x20-\x7e]/g, "?"));
      try {
        return await work();
      } finally {
        mark("end", name, "", "");
      }
    },
  };
}

function plainLog(terminal: Terminal): HostLog {
  return {
    annotate: (annotation) => terminal.tell(describeAnnotation(annotation)),
    group: async (title, work) => {
      terminal.out(`${terminal.style("bold", `── ${title}`)}\n`);
      return work();
    },
    print: (text) => {
      if (text !== "") terminal.out(endLine(text));
    },
    setOutput: () => {},
    addSummary: () => {},
  };
}

function describeAnnotation({ file, line, level, title, message }: Annotation): string {
  const place = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
  return `${level}: ${title === undefined ? "" : `${title}: `}${message}${place}\n`;
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
