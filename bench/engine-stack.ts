// A stack on the in-process `memory` provider over any state store: compiled, lowered, planned and applied as the command line does it, without its
// projects and processes. For measurements of the engine.

import { applyPlan } from "../engine/apply/apply.ts";
import { createSystemClock } from "../engine/apply/clock.ts";
import { openSession, type Session } from "../engine/apply/session.ts";
import { emptyLock, lockReader } from "../engine/lock/lock.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import type { NativeGraph } from "../engine/lower/native-graph.ts";
import { makePlan } from "../engine/plan/make-plan.ts";
import { createSecretKeeper } from "../engine/state/secrets.ts";
import type { StateStore } from "../engine/state/store.ts";
import { compile } from "../grammar/compile.ts";
import type { ResourceGraph } from "../grammar/graph/resource-graph.ts";
import { createInstantMemoryProvider } from "../providers/memory/provider.ts";

export type Planned = Awaited<ReturnType<typeof makePlan>>;

export interface EngineStack {
  compile(text: string): Promise<ResourceGraph>;
  lower(graph: ResourceGraph): Promise<NativeGraph>;
  /** Takes the lock for what `run` does. */
  withSession<Result>(run: (session: Session) => Promise<Result>): Promise<Result>;
  plan(session: Session, native: NativeGraph): Promise<Planned>;
  /** Throws unless everything was done. */
  apply(session: Session, native: NativeGraph, planned: Planned, parallel: number): Promise<void>;
}

export async function createEngineStack(store: StateStore): Promise<EngineStack> {
  const provider = createInstantMemoryProvider();
  const providers = new Map([[provider.name, provider]]);
  const { signal } = new AbortController();
  const client = await provider.connect({}, { signal, simulated: true, koineVersion: "bench" });
  const connection = { provider, client, identity: await provider.identify(client, signal) };
  const keeper = createSecretKeeper(() => new Uint8Array(32));
  return {
    compile: async (text) => {
      const { graph, diagnostics } = await compile({
        files: [{ path: "w.koine", text: `cloud ${provider.name} { }\n${text}` }],
        providers: new Map([[provider.name, provider.description]]),
        inputs: new Map(),
        readFile: () => ({ mistake: "no files here" }),
      });
      return present(graph, `graph: ${JSON.stringify(diagnostics.slice(0, 3))}`);
    },
    lower: async (graph) => present((await lowerGraph(graph, providers, lockReader(emptyLock))).native, "native graph"),
    withSession: async (run) => {
      const held = await openSession({ store, holder: { id: "bench", description: "bench" }, clock: createSystemClock(), keeper });
      if (held.kind !== "open") throw new Error("the lock is held");
      try {
        return await run(held.session);
      } finally {
        await held.session.close();
      }
    },
    plan: (session, native) =>
      makePlan({
        graph: native,
        world: "simulated",
        lineage: session.lineage,
        serial: session.meta.serial,
        rows: [...session.rows.all()],
        handler: (_, type) => provider.handlers[type],
        secrets: keeper,
        basis: { sources: {}, inputs: {}, lock: "", lineage: session.lineage, serial: 0, koine: "bench", world: "simulated" },
        look: { client: async () => connection, signal },
      }),
    apply: async (session, native, { plan, problems, observed }, parallel) => {
      const made = present(plan, `plan: ${JSON.stringify(problems.slice(0, 2))}`);
      const result = await applyPlan({ session, plan: made, native, observed, connectionOf: () => connection, command: "apply", parallel });
      if (result.kind !== "done") throw new Error(`apply ended ${result.kind}`);
    },
  };
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the workload gives no ${what}`);
  return value;
}
