// Takes the lock for a command that calls clouds, waiting as long as `--lock-timeout` allows; says once whom it waits for.

import { setTimeout as sleep } from "node:timers/promises";
import { createSystemClock } from "../engine/apply/clock.ts";
import { openSession, type Session } from "../engine/apply/session.ts";
import { describeHolder } from "../engine/state/holder.ts";
import type { SecretKeeper } from "../engine/state/secret-keeper.ts";
import type { StateStore } from "../engine/state/store.ts";
import type { CommandContext } from "./command-context.ts";
import type { CompiledStack } from "./compile-stack.ts";
import type { Interruption } from "./interruption.ts";
import { lateEffectLimit } from "./prepare-plan.ts";
import type { EventSink } from "./render/events.ts";
import { readTestTimings } from "./test-timings.ts";

export interface LockInput {
  readonly context: CommandContext;
  readonly store: StateStore;
  readonly keeper: SecretKeeper;
  readonly stack: CompiledStack;
  readonly interruption: Interruption;
  readonly sink: EventSink;
  /** Milliseconds. */
  readonly patience: number;
  readonly command: "apply" | "destroy";
}

/** Milliseconds between looks at a held lock, at most; somewhere between half of it and all of it, so that many who wait do not look at once. */
const lookAgain = 500;

/** The session; undefined when the lock is held for longer than that (told, with the holder), or a signal came. */
export async function takeLock(input: LockInput): Promise<Session | undefined> {
  const { context, store, keeper, stack, interruption, sink, patience, command } = input;
  const { terminal } = context;
  const { leaseMilliseconds } = readTestTimings();
  const until = performance.now() + patience;
  let told = false;
  for (;;) {
    const opened = await openSession({
      store,
      holder: describeHolder(command),
      clock: createSystemClock(),
      keeper,
      stop: interruption.stop,
      abort: interruption.abort,
      onEvent: (event) => sink.handle(event),
      lateEffectLimit: lateEffectLimit(stack),
      cause: command,
      ...(leaseMilliseconds !== undefined && { leaseMilliseconds }),
    });
    if (opened.kind === "open") return opened.session;
    if (interruption.stop.aborted) return undefined;
    const holder = opened.heldBy.description;
    const left = until - performance.now();
    if (left <= 0) {
      terminal.tell(`${terminal.style("red", "error")}: the state is locked by ${holder}\n`);
      terminal.tell("  = wait for it (`--lock-timeout 5m`); if it is surely gone, `koine state unlock`\n");
      return undefined;
    }
    if (!told) terminal.tell(`Waiting for the lock of ${holder}…\n`);
    told = true;
    try {
      // A last look when the time is up: the lock may have been given back meanwhile.
      await sleep(Math.min(left, lookAgain * (0.5 + Math.random() / 2)), undefined, { signal: interruption.stop });
    } catch {
      return undefined;
    }
  }
}
