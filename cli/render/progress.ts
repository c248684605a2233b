// What a run is doing, live on a terminal (a bar, and the slowest requests under way), as plain lines elsewhere.

import { createLogUpdate } from "log-update";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { escapeControls, type Terminal } from "../terminal.ts";
import type { RunEvent } from "./events.ts";
import { shortId } from "./short-id.ts";

export interface Progress {
  handle(event: RunEvent): void;
  /** Clears what is redrawn and leaves the cursor on a fresh line. */
  end(): void;
}

interface Running {
  readonly key: string;
  readonly phase: string;
  readonly since: number;
  note: string;
}

interface Counts {
  total: number;
  done: number;
  failed: number;
  skipped: number;
}

const shownAtOnce = 6;
const redrawMilliseconds = 100;

/** Begins to tell of a run. `now` is the clock the events' times are of. */
export function startProgress(terminal: Terminal, now: () => number): Progress {
  const counts: Counts = { total: 0, done: 0, failed: 0, skipped: 0 };
  const running = new Map<string, Running>();
  const redraw = terminal.live ? createLogUpdate(process.stderr, { showCursor: true }) : undefined;
  let began = now();
  const draw = (): void => redraw?.(renderLive(terminal, counts, [...running.values()], began, now()));
  const timer = redraw ? setInterval(draw, redrawMilliseconds) : undefined;
  timer?.unref();
  if (redraw) terminal.keepBelow({ clear: () => redraw.clear(), draw });
  const line = (text: string): void => terminal.tell(`${text}\n`);
  return {
    handle: (event) => {
      if (event.kind === "apply-started") {
        counts.total = event.operations;
        began = event.at;
      }
      if ("operation" in event) follow(event, counts, running, terminal, line);
    },
    end: () => {
      clearInterval(timer);
      terminal.keepBelow(undefined);
      redraw?.clear();
    },
  };
}

type Line = (text: string) => void;

function follow(
  event: Extract<ApplyEvent, { readonly operation: string }>,
  counts: Counts,
  running: Map<string, Running>,
  terminal: Terminal,
  line: Line,
): void {
  const entry = running.get(event.operation);
  switch (event.kind) {
    case "operation-started":
      running.set(event.operation, { key: event.key, phase: event.phase, since: event.at, note: "" });
      return;
    case "step-sent":
      if (entry) entry.note = event.attempt > 1 ? `${event.request}, attempt ${event.attempt}` : event.request;
      return;
    case "waiting":
      if (entry) entry.note = event.note;
      return;
    case "operation-done": {
      counts.done += 1;
      running.delete(event.operation);
      const seconds = entry ? ` ${terminal.style("dim", formatAge(event.at - entry.since))}` : "";
      line(
        `  ${terminal.style("green", "✓")} ${phaseWord(entry?.phase)} ${event.key}${event.id === undefined ? "" : ` ${terminal.style("dim", shortId(event.id))}`}${seconds}`,
      );
      return;
    }
    case "operation-failed": {
      counts.failed += 1;
      running.delete(event.operation);
      const { message, vendorCode, requestId, hint } = event.failure;
      const origin = [vendorCode, requestId ? `request ${requestId}` : undefined].filter((word) => word !== undefined).join(", ");
      line(
        `  ${terminal.style("red", event.unresolved ? "?" : "✗")} ${phaseWord(entry?.phase)} ${event.key}: ${message}${origin ? ` (${origin})` : ""}`,
      );
      if (hint !== undefined) line(`      = ${hint}`);
      return;
    }
    case "operation-skipped":
      counts.skipped += 1;
      running.delete(event.operation);
      line(`  ${terminal.style("yellow", "-")} skipped ${event.key}: ${event.reason}`);
      return;
    default:
      return;
  }
}

function phaseWord(phase: string | undefined): string {
  return (phase ?? "change").padEnd(6);
}

function renderLive(terminal: Terminal, counts: Counts, running: readonly Running[], began: number, at: number): string {
  const finished = counts.done + counts.failed + counts.skipped;
  const share = counts.total === 0 ? 1 : finished / counts.total;
  const width = Math.max(10, Math.min(30, terminal.width - 60));
  const filled = Math.round(share * width);
  const bar = `${"━".repeat(filled)}${terminal.style("dim", "─".repeat(width - filled))}`;
  const words = [`${counts.done} done`, `${running.length} running`];
  if (counts.failed > 0) words.push(terminal.style("red", `${counts.failed} failed`));
  if (counts.skipped > 0) words.push(`${counts.skipped} skipped`);
  if (finished > 0 && finished < counts.total) words.push(`eta ${formatAge(((at - began) / finished) * (counts.total - finished))}`);
  const slowest = [...running].sort((a, b) => a.since - b.since).slice(0, shownAtOnce);
  const lines = slowest.map(
    (entry) =>
      `    ${terminal.style("dim", formatAge(at - entry.since).padStart(6))} ${entry.phase} ${entry.key} ${terminal.style("dim", entry.note)}`,
  );
  // What a cloud says of an operation stands here too.
  return escapeControls([`  ${bar} ${counts.total - finished} left: ${words.join(", ")}`, ...lines].join("\n"));
}

/** `850ms` is told as `0.9s`, longer ages as `1m05s`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  return `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, "0")}s`;
}
