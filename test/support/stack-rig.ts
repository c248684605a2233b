// A whole stack in one process: the text compiled and lowered as the commands do it, the real SDK, the embedded cloud over the wire, the state in
// memory. For tests of what only all layers together can get wrong. Starts no command and reads no project folder.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompiledStack } from "../../cli/compile-stack.ts";
import { connectPlan } from "../../cli/connect-plan.ts";
import type { Connection, Connections } from "../../cli/connections.ts";
import { connectRows, lateEffectLimit, type PlanFlags, type PreparedPlan, preparePlan, readPriorState } from "../../cli/prepare-plan.ts";
import { findRepository } from "../../cli/project/repository.ts";
import { descriptions, providers } from "../../cli/providers.ts";
import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import { createSystemClock } from "../../engine/apply/clock.ts";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { openSession } from "../../engine/apply/session.ts";
import { type Settled, settleJournal } from "../../engine/apply/settle.ts";
import { emptyLock, type Lock, lockReader } from "../../engine/lock/lock.ts";
import { mergeLock } from "../../engine/lock/pin-changes.ts";
import { lowerGraph } from "../../engine/lower/lower.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { CloudPlace } from "../../engine/observe/world.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { PlanProblem } from "../../engine/plan/problem.ts";
import type { PinAnswer, Provider, RunningSimulator } from "../../engine/provider/provider.ts";
import { createMemoryStore } from "../../engine/state/memory-store.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import type { StateStore } from "../../engine/state/store.ts";
import { compile } from "../../grammar/compile.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import {
  callWorld,
  type LoggedRequest,
  type Realm,
  readRequests,
  readWorld,
  type WorldObject,
} from "../../providers/aws/simulator/inspect.ts";

export interface Planned {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
}

export interface Applied {
  readonly plan: Plan;
  readonly result: ApplyResult;
  readonly settled: readonly Settled[];
  readonly events: readonly ApplyEvent[];
}

export interface StackRig {
  readonly store: StateStore;
  /** Where the embedded world lies. */
  readonly directory: string;
  /** Looks and plans; changes nothing. Throws when the text does not compile. */
  plan(text: string, flags?: PlanFlags): Promise<Planned>;
  /** Settles, plans and applies under the lock. Throws when the text does not compile or no plan can be made; a failure is in the result. */
  apply(text: string, flags?: PlanFlags): Promise<Applied>;
  /** Everything that lives in the world, in order of creation. */
  world(): readonly WorldObject[];
  /** The id of the one living thing of a type and address mark (`machine.m:instance`); throws when there is none, or are several. */
  idOf(type: WorldObject["type"], address: string): string;
  /** Another hand's request, by EC2's own rules. */
  call(operation: string, input: Readonly<Record<string, unknown>>, realm?: Realm): void;
  /** The log of requests, oldest first. */
  requests(): readonly LoggedRequest[];
  close(): Promise<void>;
}

export interface RigOptions {
  /** A fault plan, as `startEc2Simulator` takes it. */
  readonly faults?: unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Milliseconds after which a request counts as cut; a second unless given, which a crowded machine can exceed by itself. */
  readonly requestDeadline?: number;
  /** The provider whose cloud is simulated and that the text is placed on; `aws` unless given. Only of that one can the rig itself look into the world. */
  readonly cloud?: string;
  /** An embedded EC2 that runs already, for a second stack in the same world. */
  readonly beside?: StackRig;
}

/** Its own pace is not what these tests are about. */
function withoutLimits(name: string): Provider {
  const provider = providers.get(name);
  if (!provider) throw new Error(`there is no provider ${name}`);
  return { ...provider, limits: [] };
}

/** Opens a rig over a world and a state of its own. */
export async function openStackRig(options: RigOptions = {}): Promise<StackRig> {
  const directory = options.beside?.directory ?? mkdtempSync(join(tmpdir(), "koine-rig-"));
  const faults = options.faults === undefined ? {} : { faults: options.faults };
  const provider = withoutLimits(options.cloud ?? "aws");
  const simulator = await provider.simulate({ directory, delays: "none", ...faults });
  const signal = new AbortController().signal;
  const connections = connectTo(provider, simulator, signal);
  const key = randomBytes(32);
  const keeper = createSecretKeeper(() => key);
  const clock = createSystemClock();
  const store = createMemoryStore({ lineage: clock.newId(), stack: "rig", now: Date.now });
  let lock: Lock = emptyLock;

  const build = async (text: string): Promise<CompiledStack> => {
    const first = lowerText(text, directory, options.inputs ?? {}, lock);
    const answers: PinAnswer[] = [];
    for (const [name, cloud] of first.native.clouds) {
      const requests = first.native.pinRequests.filter((request) => request.cloud === name);
      if (requests.length === 0) continue;
      const { provider, client } = await connections.connect({ name, ...cloud });
      answers.push(...(await provider.resolvePins(client, requests, signal)));
    }
    const mistakes = answers.flatMap(({ answer }) => ("mistake" in answer ? [answer.mistake] : []));
    if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
    lock = mergeLock(lock, { choices: first.native.choices, answers });
    return { ...lowerText(text, directory, options.inputs ?? {}, lock), lock };
  };

  const plan = async (text: string, flags: PlanFlags = {}): Promise<PreparedPlan> => {
    const stack = await build(text);
    const common = { stack, connections, keeper, flags, signal };
    return preparePlan({ ...common, prior: await readPriorState(store, common) });
  };

  const apply = async (text: string, flags: PlanFlags = {}): Promise<Applied> => {
    const stack = await build(text);
    const events: ApplyEvent[] = [];
    const opened = await openSession({
      store,
      holder: { id: clock.newId(), description: "rig" },
      clock,
      keeper,
      onEvent: (event) => void events.push(event),
      lateEffectLimit: lateEffectLimit(stack),
      // What was cut is waited for until then: no request to a neighbour on loopback takes as long.
      requestDeadline: options.requestDeadline ?? 1_000,
    });
    if (opened.kind === "held") throw new Error("the lock is held");
    const { session } = opened;
    try {
      const rows = session.journal.map((entry) => entry.row);
      const settled = rows.length === 0 ? [] : await settleJournal(session, await connectRows(rows, { stack, connections }));
      const prior = {
        meta: session.meta,
        rows: [...session.rows.all()],
        journal: await store.readJournal(),
        outputs: await store.readOutputs(),
        settled: settled.filter((one) => one.outcome === "unresolved"),
        readEnded: (operations: readonly string[]) => store.readEnded(operations),
      };
      const prepared = await preparePlan({ stack, prior, connections, keeper, flags, signal });
      if (!prepared.plan) throw new Error(`no plan: ${prepared.problems.map((problem) => problem.message).join("; ")}`);
      const result = await applyPlan({
        session,
        plan: prepared.plan,
        native: stack.native,
        observed: prepared.observed,
        connectionOf: await connectPlan(prepared.plan, stack, connections),
        command: flags.destroy ? "destroy" : "apply",
      });
      return { plan: prepared.plan, result, settled, events };
    } finally {
      await session.close();
    }
  };

  const world = (): readonly WorldObject[] => readWorld(directory).filter((object) => object.living);
  return {
    store,
    directory,
    plan,
    apply,
    world,
    idOf: (type, address) => {
      const found = world().filter((object) => object.type === type && object.tags["koine:address"] === address);
      const [only] = found;
      if (!only || found.length > 1) throw new Error(`${found.length} living things of the type ${type} bear the mark ${address}`);
      return only.id;
    },
    call: (operation, input, realm) => callWorld(directory, operation, input, realm),
    requests: () => readRequests(directory),
    close: async () => {
      await simulator.close();
      if (!options.beside) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function connectTo(provider: Provider, simulator: RunningSimulator, signal: AbortSignal): Connections {
  const known = new Map<string, Promise<Connection>>();
  const open = async (place: CloudPlace): Promise<Connection> => {
    const { endpoint } = simulator;
    const client = await provider.connect(place.settings as PropMap, { signal, simulated: true, endpoint, koineVersion: "0" });
    return { provider, client, identity: await provider.identify(client, signal) };
  };
  return {
    connect: (place) => {
      const name = `${place.provider} ${canonical(place.settings)}`;
      const connection = known.get(name) ?? open(place);
      known.set(name, connection);
      return connection;
    },
    close: async () => {},
  };
}

function lowerText(
  text: string,
  folder: string,
  inputs: Readonly<Record<string, string>>,
  lock: Lock,
): CompiledStack & { readonly native: NativeGraph } {
  const file = { path: "main.koine", text };
  const compiled = compile({
    files: [file],
    providers: descriptions,
    inputs: new Map(Object.entries(inputs).map(([name, value]) => [name, { text: value }])),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  const lowered = compiled.graph ? lowerGraph(compiled.graph, providers, lockReader(lock)) : undefined;
  const diagnostics = [...compiled.diagnostics, ...(lowered?.diagnostics ?? [])];
  const { graph } = compiled;
  const native = lowered?.native;
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (!graph || !native || errors.length > 0) {
    throw new Error(`the text does not compile:\n${errors.map((one) => `${one.code} ${one.message}`).join("\n")}\n${text}`);
  }
  const paths = { state: folder, key: folder, lock: folder, simulator: folder };
  return {
    project: { folder, repository: findRepository(folder), files: [file], inputs: new Map(), world: "simulated", paths },
    graph,
    native,
    lock,
    sources: new Map([[file.path, file]]),
    reads: new Map(),
    diagnostics,
  };
}
