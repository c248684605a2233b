// Carries out steps without the engine: perform, count, poll. Small enough to be believed, so that conformance says something of the handlers
// and nothing of the engine.

import { randomBytes } from "node:crypto";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { regionOf } from "../../engine/observe/place.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { Call, Handler, Identity, Marks, NativeChange, ObjectId, Observed, Provider, Step } from "../../engine/provider/provider.ts";

export interface World<Client> {
  readonly provider: Provider<Client>;
  readonly client: Client;
  readonly identity: Identity;
  /** Every request on the wire, in order; the client writes here. */
  readonly wire: string[];
  /** Of clouds where a request reads before it writes: which operations change nothing. Elsewhere a request stands alone. */
  readonly isRead?: (operation: string) => boolean;
}

/** An object that the suite made. */
export interface Made {
  readonly type: string;
  readonly id: ObjectId;
  /** The object mark. */
  readonly object: string;
  readonly desired: NativeMap;
  readonly observed: Observed;
}

export interface Attempt {
  readonly id?: ObjectId;
  /** Keys of the steps that were carried out. */
  readonly performed: readonly string[];
  readonly operations: readonly string[];
}

export interface Executor<Client> {
  readonly world: World<Client>;
  readonly lineage: string;
  handlerOf(type: string): Handler<Client>;
  make(type: string, desired: NativeMap): Promise<Made>;
  /** Steps of a change, at most `limit` of them. */
  carryOut(type: string, object: string, change: Omit<NativeChange, "generation">, limit?: number): Promise<Attempt>;
  observe(id: ObjectId, depth?: "list" | "each"): Promise<Observed | undefined>;
  destroy(type: string, id: ObjectId): Promise<void>;
  call(extra?: Partial<Call<Client>>): Call<Client>;
  /** Takes over what was made past the executor, for cleaning up. */
  adopt(type: string, id: string): void;
  /** Ends everything that was made and is still there, last first. */
  cleanUp(): Promise<void>;
}

const patience = 200;

export function createExecutor<Client>(world: World<Client>): Executor<Client> {
  const lineage = newId();
  const made: { readonly type: string; readonly id: ObjectId }[] = [];

  const handlerOf = (type: string): Handler<Client> => {
    const handler = world.provider.handlers[type];
    if (handler === undefined) throw new Error(`no handler for ${type}`);
    return handler;
  };
  const call = (extra: Partial<Call<Client>> = {}): Call<Client> => ({
    client: world.client,
    identity: world.identity,
    signal: AbortSignal.timeout(60_000),
    ...extra,
  });
  const idOf = (type: string, id: string): ObjectId => ({
    type,
    account: world.identity.account,
    region: regionOf(handlerOf(type).schema, world.identity),
    id,
  });

  const carryOut: Executor<Client>["carryOut"] = async (type, object, change, limit = Number.POSITIVE_INFINITY) => {
    const handler = handlerOf(type);
    const steps = handler.steps({ ...change, generation: 1 }).slice(0, limit);
    const earlier: Record<string, string> = {};
    let id = change.id;
    for (const step of steps) {
      const token = newId();
      const marks: Marks = { lineage, object, operation: token, address: `test.${type}` };
      const marked = step.creates === true || step.marks === true;
      const own = call({ token, earlier, ...(marked ? { marks } : {}), ...(id === undefined ? {} : { id }) });
      const ack = await repeat(() => performCounted(world, handler, own, step), step.deletes === true ? 3 : 20);
      if (step.creates === true) {
        if (ack.id === undefined) throw new Error(`${step.operation} told no id`);
        id = { ...idOf(type, ack.id), ...(ack.incarnation === undefined ? {} : { incarnation: ack.incarnation }) };
        made.push({ type, id });
      }
      if (ack.handle !== undefined) earlier[step.key] = ack.handle;
      await awaitDone(handler, call(id === undefined ? {} : { id }), step, {
        ...(id && { id }),
        ...(ack.handle !== undefined && { handle: ack.handle }),
      });
    }
    return { ...(id && { id }), performed: steps.map((step) => step.key), operations: steps.map((step) => step.operation) };
  };

  const observe: Executor<Client>["observe"] = async (id, depth = "each") => {
    const seen = await repeat(() => handlerOf(id.type).observe(call(), [id], depth));
    if (seen.unknown[0] !== undefined) throw new Error(`${id.id} is unknown: ${seen.unknown[0].reason}`);
    return seen.found[0];
  };

  const destroy: Executor<Client>["destroy"] = async (type, id) => {
    const observed = await observe(id);
    if (observed === undefined) return;
    await carryOut(type, "", { action: "delete", desired: {}, observed: observed.props, attributes: observed.attributes, changed: [], id });
  };

  return {
    world,
    lineage,
    handlerOf,
    carryOut,
    observe,
    destroy,
    call,
    async make(type, desired) {
      const object = newId();
      const { id } = await carryOut(type, object, {
        action: "create",
        desired,
        observed: {},
        attributes: {},
        changed: Object.keys(desired),
      });
      const observed = id === undefined ? undefined : await observe(id);
      if (id === undefined || observed === undefined) throw new Error(`${type} was made and is not there`);
      // What tells a reused name from the same object may be known only by now.
      return { type, id: observed.id, object, desired, observed };
    },
    adopt: (type, id) => void made.push({ type, id: idOf(type, id) }),
    async cleanUp() {
      // Last first; what something else still hangs on waits for the next round.
      let left = made.splice(0).reverse();
      for (let rounds = 0; left.length > 0; rounds++) {
        const held: typeof left = [];
        for (const each of left) {
          try {
            await destroy(each.type, each.id);
          } catch (error) {
            if (!(error instanceof ProviderError) || rounds > 5) throw error;
            held.push(each);
          }
        }
        left = held;
      }
    },
  };
}

/** One perform is one request, besides reads where the cloud calls for them: no retry goes on behind our back. */
async function performCounted<Client>(world: World<Client>, handler: Handler<Client>, call: Call<Client>, step: Step) {
  const before = world.wire.length;
  const { isRead } = world;
  let refused = true;
  try {
    const ack = await handler.perform(call, step, step.body);
    refused = false;
    return ack;
  } finally {
    const sent = world.wire.slice(before).filter((operation) => isRead?.(operation) !== true);
    // A read may have told that the request is not to be made.
    const withheld = refused && isRead !== undefined && sent.length === 0;
    if (withheld) {
      // Nothing to count.
    } else if (sent.length !== 1 || sent[0] !== step.operation) {
      // biome-ignore lint/correctness/noUnsafeFinally: a wrong count matters more than what the request came to
      throw new Error(`${step.key} is one request ${step.operation}, and ${sent.length === 0 ? "none" : sent.join(", ")} went out`);
    }
  }
}

async function awaitDone<Client>(handler: Handler<Client>, call: Call<Client>, step: Step, on: { id?: ObjectId; handle?: string }) {
  for (let looks = 0; looks < patience; looks++) {
    const progress = await repeat(() => handler.poll(call, step, on));
    if (progress.kind === "done") return;
    if (progress.kind === "failed") throw progress.error;
    await sleep(Math.min(progress.retryAfter, 20 + looks));
  }
  throw new Error(`${step.operation} does not come to an end`);
}

/** The engine's part, in small: what passes is tried again. */
async function repeat<Result>(work: () => Promise<Result>, most = 20): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof ProviderError && ["not_ready", "throttled", "dependency"].includes(error.details.code);
      if (!passes || tries > most) throw error;
      await sleep(50);
    }
  }
}

export function newId(): string {
  return randomBytes(16).toString("hex");
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
