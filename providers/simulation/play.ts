// Plays a fault plan on one request, in the order in which things go wrong on the way to a cloud and back. Knows no protocol and no rule.

import type { FaultEffect, FaultPlayer } from "./faults.ts";
import type { AnyRow } from "./rows.ts";
import type { RequestRecord, Store } from "./store.ts";

/** What the faults of a request ask of those who carry it out. */
export interface Play {
  readonly failing?: { readonly reason: string };
  /** Milliseconds for which what ends holds on to what it held. */
  readonly lingers?: number;
  readonly page?: number | "empty";
  readonly twice?: "first" | "second";
  /** For the log. */
  readonly fault?: string;
  /** The caller is not to learn of it. */
  readonly unheard?: boolean;
}

/** Who asks for what, as the log and the fault plan see it. */
export type RequestFacts = Pick<RequestRecord, "operation" | "mutating" | "account" | "region" | "params">;

export interface Exchange<Answer> {
  readonly facts: RequestFacts;
  /** The vendor's refusals before any effect; each throws. */
  readonly refuse: {
    throttle(): never;
    error(effect: FaultEffect & { readonly kind: "error" }): never;
    deny(): never;
  };
  /** The reason of a `fail` without one. */
  readonly failure: string;
  /** Spends what the request costs, or throws the vendor's throttle. */
  spend(): void;
  /** Plays what is due by now. */
  advance(): void;
  /** Another hand's request; whether it succeeds is its own affair. */
  meanwhile(effect: FaultEffect & { readonly kind: "meanwhile" }): void;
  /** Sees to it that the request takes effect in so many milliseconds. */
  landLater(ms: number): void;
  perform(play: Play): Answer;
}

/** Carries a request through its faults. Undefined: the connection is to be cut. Throws what the exchange throws. */
export async function playRequest<R extends AnyRow, Answer>(
  { store, faults, now }: { readonly store: Store<R>; readonly faults: FaultPlayer; readonly now: () => number },
  exchange: Exchange<Answer>,
): Promise<Answer | undefined> {
  const { facts } = exchange;
  const effects = faults.next({ operation: facts.operation, mutating: facts.mutating, parameters: facts.params });
  await passLatency(effects, "before");

  store.refresh();
  exchange.advance();
  for (const effect of effects) {
    if (effect.kind === "throttle") exchange.refuse.throttle();
    if (effect.kind === "error") exchange.refuse.error(effect);
    if (effect.kind === "deny") exchange.refuse.deny();
  }
  for (const effect of effects) {
    if (effect.kind === "meanwhile") exchange.meanwhile(effect);
    if (effect.kind === "kill" && effect.when === "before") process.kill(process.pid, "SIGKILL");
  }
  exchange.spend();
  for (const effect of effects) {
    if (effect.kind !== "late" && !(effect.kind === "cut" && effect.when === "before")) continue;
    if (effect.kind === "late") exchange.landLater(effect.ms);
    store.log({ ...facts, at: now(), outcome: "cut", status: 0, fault: effect.kind });
    return undefined;
  }

  const answer = exchange.perform(planPlay(effects, exchange.failure));
  await passLatency(effects, "after");
  if (effects.some((effect) => effect.kind === "kill")) process.kill(process.pid, "SIGKILL");
  return effects.some((effect) => effect.kind === "cut") ? undefined : answer;
}

async function passLatency(effects: readonly FaultEffect[], when: "before" | "after"): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === "latency" && (effect.when ?? "before") === when) await new Promise((resolve) => setTimeout(resolve, effect.ms));
  }
}

function planPlay(effects: readonly FaultEffect[], failure: string): Play {
  const play: { -readonly [Key in keyof Play]: Play[Key] } = {};
  for (const effect of effects) {
    if (effect.kind === "fail") play.failing = { reason: effect.reason ?? failure };
    if (effect.kind === "linger") play.lingers = effect.ms;
    if (effect.kind === "partial-page") play.page = effect.keep;
    if (effect.kind === "empty-page") play.page = "empty";
    if (effect.kind === "twice") play.twice = effect.answer ?? "first";
    if (effect.kind === "cut") play.unheard = true;
  }
  if (effects.length > 0) play.fault = effects.map((effect) => effect.kind).join(" ");
  return play;
}
