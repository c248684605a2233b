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
import { mergeSettings } from "../../cli/project/project-settings.ts";
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
import type { PinAnswer, Provider, RunningSimulator, SimulatorOptions } from "../../engine/provider/provider.ts";
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
import { startEc2Simulator } from "../../providers/aws/simulator/start.ts";
import { startArmSimulator } from "../../providers/azure/simulator/start.ts";
import { startGceSimulator } from "../../providers/gcp/simulator/start.ts";
import type { Life } from "./life.ts";
import type { PacedTime } from "./paced-time.ts";

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
  /** The text compiled and lowered, its pins resolved: for tests that take the native graph apart. */
  compile(text: string): Promise<CompiledStack & { readonly native: NativeGraph }>;
  /** As `apply`, of a stack that is compiled already. */
  applyStack(stack: CompiledStack & { readonly native: NativeGraph }, flags?: PlanFlags, life?: Life): Promise<Applied>;
  /** As `plan`, of a stack that is compiled already. */
  planStack(stack: CompiledStack & { readonly native: NativeGraph }, flags?: PlanFlags): Promise<Planned>;
  /** The cloud of that name in a stack, as a command would reach it. */
  connect(stack: CompiledStack & { readonly native: NativeGraph }, cloud: string): Promise<Connection>;
  /** From now on the embedded cloud behaves by this fault plan; requests that are under way end by the one before. */
  changeFaults(faults: unknown): Promise<void>;
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
  /** A virtual clock for the carrying out of plans; the provider's documented rates hold then, here and in the embedded cloud. */
  readonly pace?: PacedTime;
  /** How long the embedded cloud takes from state to state; `none` unless given. */
  readonly delays?: "realistic" | "short" | "none";
  /** An embedded EC2 that runs already, for a second stack in the same world. */
  readonly beside?: StackRig;
}

/** Without a pace, the rates are not what a test is about. */
function providerFor(name: string, pace: PacedTime | undefined): Provider {
  const provider = providers.get(name);
  if (!provider) throw new Error(`there is no provider ${name}`);
  return pace ? pace.pace(provider) : { ...provider, limits: [] };
}

const starters: Readonly<Record<string, (options: SimulatorOptions, clock: () => number) => Promise<RunningSimulator>>> = {
  aws: startEc2Simulator,
  gcp: startGceSimulator,
  azure: startArmSimulator,
};

/** Opens a rig over a world and a state of its own. */
export async function openStackRig(options: RigOptions = {}): Promise<StackRig> {
  const directory = options.beside?.directory ?? mkdtempSync(join(tmpdir(), "koine-rig-"));
  const { pace } = options;
  const faults = options.faults === undefined ? {} : { faults: options.faults };
  const cloud = options.cloud ?? "aws";
  const provider = providerFor(cloud, pace);
  const start = starters[cloud];
  if (!start) throw new Error(`there is no embedded ${cloud}`);
  const serve = (plan: object): Promise<RunningSimulator> =>
    start({ directory, delays: options.delays ?? "none", ...plan }, pace?.now ?? Date.now);
  const simulators = [await serve(faults)];
  const signal = new AbortController().signal;
  const connections = connectTo(provider, () => simulators.at(-1)?.endpoint ?? "", signal);
  const key = randomBytes(32);
  const keeper = createSecretKeeper(() => key);
  const clock = pace?.clock ?? createSystemClock();
  const store = createMemoryStore({ lineage: clock.newId(), stack: "rig", now: clock.now });
  // On a virtual clock nothing is known to land, or to be seen, sooner than on a real cloud.
  const limitOf = (stack: CompiledStack): number => (pace ? Number.POSITIVE_INFINITY : lateEffectLimit(stack));
  let lock: Lock = emptyLock;

  const build = async (text: string): Promise<CompiledStack & { readonly native: NativeGraph }> => {
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

  const planStack = async (stack: CompiledStack, flags: PlanFlags = {}): Promise<PreparedPlan> => {
    const common = { stack, connections, keeper, flags, signal, clock, lateEffectLimit: limitOf(stack) };
    return preparePlan({ ...common, prior: await readPriorState(store, common) });
  };

  const applyStack = async (
    stack: CompiledStack & { readonly native: NativeGraph },
    flags: PlanFlags = {},
    life?: Life,
  ): Promise<Applied> => {
    const events: ApplyEvent[] = [];
    const reach = life?.guardConnections(connections) ?? connections;
    const opened = await openSession({
      store: life?.guardStore(store) ?? store,
      holder: { id: clock.newId(), description: "rig", ...(life ? { process: life.process } : {}) },
      clock,
      keeper,
      ...(life ? { stop: life.stop } : {}),
      onEvent: (event) => {
        events.push(event);
        life?.onEvent(event);
      },
      lateEffectLimit: limitOf(stack),
      // What was cut is waited for until then: no request to a neighbour on loopback takes as long.
      requestDeadline: options.requestDeadline ?? 1_000,
    });
    if (opened.kind === "held") throw new Error("the lock is held");
    const { session } = opened;
    try {
      const rows = session.journal.map((entry) => entry.row);
      const settled = rows.length === 0 ? [] : await settleJournal(session, await connectRows(rows, { stack, connections: reach }));
      const prior = {
        meta: session.meta,
        rows: [...session.rows.all()],
        journal: await store.readJournal(),
        outputs: await store.readOutputs(),
        settled: settled.filter((one) => one.outcome === "unresolved"),
        made: await store.readMade(),
        readEnded: (operations: readonly string[]) => store.readEnded(operations),
      };
      const common = { stack, connections: reach, keeper, flags, signal, clock };
      const prepared = await preparePlan({ ...common, prior, lateEffectLimit: limitOf(stack) });
      if (prepared.plan) life?.onPlan(prepared.plan);
      if (!prepared.plan) throw new Error(`no plan: ${prepared.problems.map((problem) => problem.message).join("; ")}`);
      const result = await applyPlan({
        session,
        plan: prepared.plan,
        native: stack.native,
        observed: prepared.observed,
        connectionOf: await connectPlan(prepared.plan, stack, reach),
        command: flags.destroy ? "destroy" : "apply",
      });
      return { plan: prepared.plan, result, settled, events };
    } finally {
      await session.close();
    }
  };

  const inTime = <Result>(work: () => Promise<Result>): Promise<Result> => (pace ? pace.play(work()) : work());
  const world = (): readonly WorldObject[] => readWorld(directory).filter((object) => object.living);
  return {
    store,
    directory,
    plan: (text, flags) => inTime(async () => planStack(await build(text), flags)),
    apply: (text, flags) => inTime(async () => applyStack(await build(text), flags)),
    compile: build,
    applyStack: (stack, flags, life) => inTime(() => (life ? life.live(applyStack(stack, flags, life)) : applyStack(stack, flags))),
    planStack: (stack, flags) => inTime(() => planStack(stack, flags)),
    connect: async (stack, name) => {
      const place = stack.native.clouds.get(name);
      if (!place) throw new Error(`the stack has no cloud ${name}`);
      return connections.connect({ name, ...place });
    },
    world,
    idOf: (type, address) => {
      const found = world().filter((object) => object.type === type && object.tags["koine:address"] === address);
      const [only] = found;
      if (!only || found.length > 1) throw new Error(`${found.length} living things of the type ${type} bear the mark ${address}`);
      return only.id;
    },
    call: (operation, input, realm) => callWorld(directory, operation, input, realm),
    requests: () => readRequests(directory),
    changeFaults: async (plan) => {
      simulators.push(await serve({ faults: plan }));
      connections.forget();
    },
    close: async () => {
      for (const simulator of simulators) await simulator.close();
      if (!options.beside) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function connectTo(provider: Provider, endpointOf: () => string, signal: AbortSignal): Connections & { forget(): void } {
  const known = new Map<string, Promise<Connection>>();
  const open = async (place: CloudPlace): Promise<Connection> => {
    const endpoint = endpointOf();
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
    forget: () => known.clear(),
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
    project: {
      folder,
      repository: findRepository(folder),
      files: [file],
      inputs: new Map(),
      world: "simulated",
      paths,
      settings: mergeSettings({ budget: {} }, undefined, []),
      inCi: false,
    },
    graph,
    native,
    lock,
    sources: new Map([[file.path, file]]),
    reads: new Map(),
    diagnostics,
  };
}
