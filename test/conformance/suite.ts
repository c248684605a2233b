// What every handler of every provider must do, against any server that claims to be the cloud. Drives handlers directly, not through the engine.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { NativeChange, Observed } from "../../engine/provider/provider.ts";
import type { ConformanceCase, Deviation } from "./conformance-case.ts";
import { createExecutor, type Executor, type Made, newId, type World } from "./executor.ts";

export interface SuiteOptions<Client> {
  readonly name: string;
  start(): Promise<{ readonly world: World<Client>; stop(): Promise<void> }>;
  readonly cases: readonly ConformanceCase<Client>[];
  readonly deviations: readonly Deviation[];
  /** Somebody else takes the ownership marks off. */
  strip(stage: Executor<Client>, made: Made): Promise<void>;
  /** The longest and oddest tags that this cloud takes; those of EC2 unless said otherwise. */
  readonly awkwardTags?: NativeMap;
}

/** Declares the suite. Cases share one server and nothing else. */
export function declareConformance<Client>(options: SuiteOptions<Client>): void {
  describe(`conformance: ${options.name}`, () => {
    let running: Awaited<ReturnType<typeof options.start>>;
    beforeAll(async () => {
      running = await options.start();
    });
    afterAll(async () => {
      await running?.stop();
    });

    for (const subject of options.cases) {
      describe(subject.type, () => declareCase(subject, () => createExecutor(running.world), options));
    }

    it("has a case for every handler", () => {
      expect(options.cases.map((each) => each.type).sort()).toEqual(Object.keys(running.world.provider.handlers).sort());
    });
  });
}

function declareCase<Client>(
  subject: ConformanceCase<Client>,
  begin: () => Executor<Client>,
  { deviations, strip, awkwardTags = ec2Tags }: Pick<SuiteOptions<Client>, "deviations" | "strip" | "awkwardTags">,
): void {
  let count = 0;
  const check = (name: string, work: (stage: Executor<Client>, props: () => Promise<NativeMap>) => Promise<void>): void => {
    const deviation = deviations.find((each) => each.type === subject.type && name.startsWith(each.test));
    if (deviation !== undefined) {
      console.info(`left out: ${subject.type}: ${name}: ${deviation.reason}`);
      return;
    }
    it(name, async () => {
      const stage = begin();
      try {
        await work(stage, () => subject.props(stage, ++count));
      } finally {
        await stage.cleanUp();
      }
    });
  };

  it("accounts for every prop of its schema", async () => {
    const stage = begin();
    const { props } = stage.handlerOf(subject.type).schema;
    const edited = new Set(subject.edits.flatMap((edit) => edit.changed));
    const changeable = Object.keys(props).filter((name) => props[name]?.immutable !== true && subject.unedited?.[name] === undefined);
    expect(changeable.sort()).toEqual([...edited].sort());
    const seen = new Set([...subject.elsewhere.map((each) => each.prop), ...Object.keys(subject.fixed)]);
    const observable = Object.keys(props).filter((name) => props[name]?.observed !== "never");
    expect(observable.sort()).toEqual([...seen].sort());
  });

  check("create, then observe: as was asked", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    expectAsAsked(stage, made.desired, made.observed);
    for (const name of Object.keys(made.observed.attributes)) expect(schemaOf(stage, subject.type).attributes).toHaveProperty(name);
  });

  check("a second look calls for no step", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    expect(remaining(stage, subject.type, made.desired, made.observed)).toEqual([]);
    expect(resumed(stage, subject.type, made.desired, made.observed)).toEqual([]);
  });

  for (const edit of subject.edits) {
    check(`update in place: ${edit.name}`, async (stage, props) => {
      const made = await stage.make(subject.type, await props());
      const desired = await edit.to(stage, made);
      const change = { action: "update", ...wish(made.observed, desired), changed: edit.changed, id: made.id } as const;
      const { performed } = await stage.carryOut(subject.type, made.object, change);
      expect(performed).toEqual(typeof edit.steps === "function" ? edit.steps(made) : edit.steps);
      const after = await stage.observe(made.id);
      if (after === undefined) throw new Error("it is gone");
      expect(after.id).toEqual(made.id);
      expectAsAsked(stage, desired, after);
      for (const name of edit.changed) if (desired[name] === undefined) expectProp(stage, subject.type, name, undefined, after);
      expect(remaining(stage, subject.type, desired, after)).toEqual([]);
    });

    check(`interrupted between every two steps: ${edit.name}`, async (stage, props) => {
      const keys = typeof edit.steps === "function" ? undefined : edit.steps.length;
      if (keys === 1) return;
      for (let upTo = 1; upTo < (keys ?? 3); upTo++) {
        const made = await stage.make(subject.type, await props());
        const desired = await edit.to(stage, made);
        const change = { action: "update", ...wish(made.observed, desired), changed: edit.changed, id: made.id } as const;
        await stage.carryOut(subject.type, made.object, change, upTo);
        const after = await finish(stage, made, desired);
        expectAsAsked(stage, desired, after);
      }
    });
  }

  for (const each of subject.elsewhere) {
    check(`an edit by somebody else is seen: ${each.prop}`, async (stage, props) => {
      const made = await stage.make(subject.type, await props());
      await each.change(stage, made);
      const changed = await stage.observe(made.id);
      if (changed === undefined) throw new Error("it is gone");
      const spec = schemaOf(stage, subject.type).props[each.prop];
      if (spec === undefined) throw new Error(`there is no prop ${each.prop}`);
      const before = made.desired[each.prop] ?? made.observed.props[each.prop];
      expect(isSameProp(spec, before, changed.props[each.prop])).toBe(false);
      if (each.mendable === false) return;
      const mended = await finish(stage, made, made.desired);
      expectAsAsked(stage, made.desired, mended);
    });
  }

  check("deletion by somebody else is seen", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    await subject.remove(stage, made);
    const seen = await untilGone(stage, made);
    expect(seen).toBeUndefined();
  });

  check("deleting twice does no harm", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    await stage.destroy(subject.type, made.id);
    expect(await stage.observe(made.id)).toBeUndefined();
    const left = await stage.handlerOf(subject.type).find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    expect(left.map((each) => each.id)).not.toContainEqual(made.id);
    const { props: observed, attributes } = made.observed;
    const again = stage.carryOut(subject.type, made.object, {
      action: "delete",
      desired: {},
      observed,
      attributes,
      changed: [],
      id: made.id,
    });
    const refusal = await again.then(
      () => undefined,
      (error: unknown) => error,
    );
    // Either EC2 does not mind, or it says that there is nothing.
    if (refusal !== undefined) expect(refusal).toMatchObject({ details: { code: "not_found", effect: "none" } });
  });

  check("a create that was interrupted between any two steps is found and finished", async (stage, props) => {
    const total = stage.handlerOf(subject.type).steps(fresh(await props())).length;
    for (let upTo = 1; upTo <= total; upTo++) {
      const desired = await props();
      const object = newId();
      const { id } = await stage.carryOut(subject.type, object, fresh(desired), upTo);
      const found = await findAgain(stage, subject, desired, object);
      expect(found.map((each) => each.id.id)).toEqual([id?.id]);
      const [first] = found;
      if (first === undefined || id === undefined) return;
      const made: Made = { type: subject.type, id, object, desired, observed: first };
      const after = await finish(stage, made, desired);
      expectAsAsked(stage, desired, after);
      await stage.destroy(subject.type, id);
    }
  });

  check("a repeated create makes no second one, or is not protected at all", async (stage, props) => {
    const desired = await props();
    const handler = stage.handlerOf(subject.type);
    const [create] = handler.steps(fresh(desired));
    if (create === undefined) throw new Error("nothing is created");
    const token = newId();
    const object = newId();
    const call = stage.call({ token, marks: { lineage: stage.lineage, object, operation: token, address: "test" } });
    if (create.replay === "marked") return;
    if (create.replay === "token") {
      const { id } = await handler.perform(call, create, create.body);
      stage.adopt(subject.type, id ?? "");
      const again = await handler.perform(call, create, create.body);
      if (again.id !== id) stage.adopt(subject.type, again.id ?? "");
      expect(again.id).toBe(id);
      return;
    }
    const made = await stage.make(subject.type, desired);
    const refusal = await handler.perform(call, create, create.body).then(
      () => undefined,
      (error: unknown) => error,
    );
    // AssociateAddress answers a repeat of the same association like the first.
    if (refusal !== undefined)
      expect(refusal).toMatchObject({ details: { effect: "none", code: expect.stringMatching(/conflict|dependency/) } });
    expect((await stage.observe(made.id))?.id).toEqual(made.id);
  });

  check("many ids in one read, those that are not there among them", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    const missing = { ...made.id, id: subject.missing(made.id.id) };
    const elsewhere = { ...made.id, account: "999999999999" };
    const seen = await stage.handlerOf(subject.type).observe(stage.call(), [made.id, missing, elsewhere], "list");
    expect(seen.found.map((each) => each.id)).toEqual([made.id]);
    expect(seen.absent).toEqual([missing]);
    expect(seen.unknown.map((each) => each.id)).toEqual([elsewhere]);
  });

  check("marks: found by lineage, seen stripped, written again", async (stage, props) => {
    const made = await stage.make(subject.type, await props());
    const handler = stage.handlerOf(subject.type);
    const byLineage = await handler.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    if (handler.schema.marks === "none") {
      expect(byLineage).toEqual([]);
      return;
    }
    expect(byLineage.map((each) => each.id)).toContainEqual(made.id);
    expect(made.observed.marks).toMatchObject({ lineage: stage.lineage, object: made.object });
    if (subject.fixedMarks !== undefined) return;
    await strip(stage, made);
    const stripped = await stage.observe(made.id);
    expect(stripped?.marks).toEqual({});
    const tags = tagsPropOf(handler.schema) ?? "";
    expect(stripped?.props[tags]).toEqual(made.observed.props[tags]);
    if (stripped === undefined) return;
    const change = { action: "update", ...wish(stripped, made.desired), changed: [], id: made.id, marks: true } as const;
    const { performed } = await stage.carryOut(subject.type, made.object, change);
    expect(performed).toEqual(["mark"]);
    const again = await handler.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    expect(again.find((each) => each.id.id === made.id.id)?.marks?.object).toBe(made.object);
  });

  check("tags of every sort come back as they went", async (stage, props) => {
    const tags = tagsPropOf(schemaOf(stage, subject.type));
    if (tags === undefined) return;
    const made = await stage.make(subject.type, { ...(await props()), [tags]: awkwardTags });
    expect(made.observed.props[tags]).toEqual(awkwardTags);
  });
}

/** As long as tags may be, 127 and 256 Unicode characters: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html */
const ec2Tags: NativeMap = {
  ["k".repeat(127)]: "ü".repeat(256),
  "über größe": "naïve — 東京 🚀",
  empty: "",
  spaces: " leading and trailing ",
  markup: `<a href="x">&amp;'</a>`,
  plus: "1+1=2 %20 /@:._-",
};

/** The prop that holds the user's tags, however the cloud calls them. */
function tagsPropOf(schema: NativeSchema): string | undefined {
  return Object.keys(schema.props).find((name) => schema.props[name]?.type === "tags" && /^(tags|labels)$/i.test(name));
}

export function schemaOf<Client>(stage: Executor<Client>, type: string): NativeSchema {
  return stage.handlerOf(type).schema;
}

function fresh(desired: NativeMap): NativeChange {
  return { action: "create", desired, observed: {}, attributes: {}, changed: Object.keys(desired), generation: 1 };
}

/** Keys of others stay, as the engine leaves them: the suite's objects carry none. */
function wish(observed: Observed, desired: NativeMap): Pick<NativeChange, "desired" | "observed" | "attributes"> {
  return { desired, observed: observed.props, attributes: observed.attributes };
}

/** Steps that an update to `desired` would still take. */
function remaining<Client>(stage: Executor<Client>, type: string, desired: NativeMap, observed: Observed): readonly string[] {
  const { props } = schemaOf(stage, type);
  const changed = Object.keys(desired).filter((name) => {
    const spec = props[name];
    return spec !== undefined && spec.observed !== "never" && !isSameProp(spec, desired[name], observed.props[name]);
  });
  const change: NativeChange = { action: "update", ...wish(observed, desired), changed, id: observed.id, generation: 1 };
  return [
    ...changed,
    ...stage
      .handlerOf(type)
      .steps(change)
      .map((step) => step.key),
  ];
}

/** Steps that an interrupted create would still take. */
function resumed<Client>(stage: Executor<Client>, type: string, desired: NativeMap, observed: Observed): readonly string[] {
  const change: NativeChange = { ...fresh(desired), observed: observed.props, attributes: observed.attributes, id: observed.id };
  return stage
    .handlerOf(type)
    .steps(change)
    .map((step) => step.key);
}

/** Looks, derives what is left, carries it out. */
async function finish<Client>(stage: Executor<Client>, made: Made, desired: NativeMap): Promise<Observed> {
  const seen = await stage.observe(made.id);
  if (seen === undefined) throw new Error("it is gone");
  await stage.carryOut(made.type, made.object, { ...fresh(desired), ...wish(seen, desired), id: made.id });
  const after = await stage.observe(made.id);
  if (after === undefined) throw new Error("it is gone");
  expect(remaining(stage, made.type, desired, after)).toEqual([]);
  return after;
}

async function findAgain<Client>(
  stage: Executor<Client>,
  subject: ConformanceCase<Client>,
  desired: NativeMap,
  object: string,
): Promise<readonly Observed[]> {
  const handler = stage.handlerOf(subject.type);
  if (handler.schema.marks === "tags") {
    const found = await handler.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
    const own = found.filter((each) => each.marks?.object === object);
    const operation = own[0]?.marks?.operation ?? "";
    return handler.find(stage.call(), { kind: "operation", operation });
  }
  const props = Object.fromEntries(
    (handler.schema.naturalKey ?? []).flatMap((name) => (desired[name] === undefined ? [] : [[name, desired[name]]])),
  );
  return handler.find(stage.call(), { kind: "natural", props });
}

function expectAsAsked<Client>(stage: Executor<Client>, desired: NativeMap, observed: Observed): void {
  for (const name of Object.keys(desired)) expectProp(stage, observed.id.type, name, desired[name], observed);
}

function expectProp<Client>(
  stage: Executor<Client>,
  type: string,
  name: string,
  value: NativeMap[string] | undefined,
  observed: Observed,
): void {
  const spec = schemaOf(stage, type).props[name];
  if (spec === undefined) throw new Error(`there is no prop ${name}`);
  if (spec.observed === "never" || (value === undefined && spec.whenAbsent === "keep")) return;
  const seen = observed.props[name];
  if (!isSameProp(spec, value, seen)) expect({ prop: name, value: seen }).toEqual({ prop: name, value: value ?? spec.default });
}

async function untilGone<Client>(stage: Executor<Client>, made: Made): Promise<Observed | undefined> {
  let seen = await stage.observe(made.id, "list");
  for (let looks = 0; seen !== undefined && looks < 50; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen = await stage.observe(made.id, "list");
  }
  return seen;
}
