// The tests of destroy order on one cloud. Which pairs there are is derived: from the covering stack, and that it covers from all sources of the examples
// and fixtures and from the schemas of the provider's types.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { providers } from "../../../cli/providers.ts";
import { emptyLock } from "../../../engine/lock/lock.ts";
import type { NativeGraph } from "../../../engine/lower/native-graph.ts";
import { type CloudName, clouds, tallyClouds } from "../../support/clouds.ts";
import { placeOn } from "../../support/clouds-of-tests.ts";
import { lowerSource } from "../../support/lower-source.ts";
import { createPacedTime } from "../../support/paced-time.ts";
import { openStackRig, type StackRig } from "../../support/stack-rig.ts";
import { type Edge, listEdges, objectOf, pairOf, partOf } from "./edges.ts";
import type { CloudCases } from "./pair-case.ts";
import { bring, isMovable, playPair, type Stage } from "./play.ts";
import { coveringStack } from "./stack.ts";
import { deleteOutOfOrder } from "./wrong-order.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const adminKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me";

export function declareDestroyOrder(cloud: CloudName, cases: CloudCases): void {
  const text = `stack t\n${clouds[cloud].block}\n${coveringStack}`;
  const pairs = Map.groupBy(listEdges(lower(text)), pairOf);
  const movable = [...pairs].filter(([, edges]) => edges.some((edge) => isMovable(cloud, edge)));

  describe(`destroy order on ${cloud}`, () => {
    test("every pair that refers to each other has its case, and no case is left over", () => {
      expect(movable.map(([pair]) => pair).sort()).toEqual(Object.keys(cases.pairs).sort());
    });

    test("the stack covers every type and every pair that anything here lowers to", () => {
      const covered = lower(text);
      const types = new Set([...covered.objects.values()].map((object) => object.type));
      expect(Object.keys(providers.get(cloud)?.handlers ?? {}).filter((type) => !types.has(type))).toEqual([]);
      const elsewhere = listSources(cloud).flatMap((graph) => listEdges(graph).filter((edge) => isReference(cloud, edge)));
      expect(elsewhere.length).toBeGreaterThan(100);
      expect([...new Set(elsewhere.map(pairOf))].filter((pair) => !pairs.has(pair))).toEqual([]);
    });

    test("what the cloud refuses is what a schema says of the props that can be changed", () => {
      for (const [pair, edges] of movable) {
        const [{ referrer, prop = "" } = never()] = edges;
        const spec = providers.get(cloud)?.handlers[referrer.type]?.schema.props[prop];
        if (spec?.immutable || spec?.replaceWhen) continue;
        const known = cases.pairs[pair] ?? never();
        expect([pair, spec?.holds === true]).toEqual([pair, "refused" in known && known.because === undefined]);
      }
    });

    test("all of it comes and goes in order, at the pace of the cloud, and nothing is refused", { timeout: 60_000 }, async () => {
      const pace = createPacedTime({ seed: 1 });
      const rig = await openStackRig({ cloud, pace, delays: "realistic", requestDeadline: 60_000 });
      try {
        const whole = await rig.compile(text);
        const stage = { cloud, rig, whole, cases };
        const made = await bring(stage, whole.native);
        const kinds = new Set(listEdges(whole.native).map(({ referrer, referred }) => `${referrer.type} -> ${referred.type}`));
        expect([...made.verdict.created].sort()).toEqual([...kinds].sort());
        // From the rows alone: the source has nothing any more.
        const gone = await bring(stage, partOf(whole.native, []));
        expect([...gone.verdict.deleted].sort()).toEqual([...kinds].sort());
        expect(tallyClouds(rig.directory)).toEqual({});
      } finally {
        await rig.close();
      }
    });

    describe("each pair: pointed elsewhere, replaced, in the wrong order, one end taken out", () => {
      let stage: Stage | undefined;
      beforeAll(async () => {
        stage = await openStage(cloud, cases, text);
      });
      afterAll(async () => stage?.rig.close());

      test.each(movable)("%s", { timeout: 60_000 }, async (pair, edges) => {
        if (!stage) throw new Error("the rig is not open");
        try {
          const outcome = await playPair(stage, edges);
          const expected = cases.pairs[pair] ?? never();
          expect(outcome.kind === "refused" ? outcome.error.details.vendorCode : "allowed").toBe(
            "refused" in expected ? expected.refused : "allowed",
          );
        } catch (error) {
          // The next one starts on an empty world.
          await stage.rig.close();
          stage = await openStage(cloud, cases, text);
          throw error;
        }
      });

      test("where everything stands in a group, the group is not deleted while anything is in it", async () => {
        if (!stage) throw new Error("the rig is not open");
        const { rig, whole } = stage;
        const groups = [...pairs.values()].flat().filter((edge) => edge.prop !== undefined && !isMovable(cloud, edge));
        for (const { referrer, referred } of groups.slice(0, 1)) {
          await bring(stage, partOf(whole.native, [referrer.key]));
          const row = (await rig.store.readObjects()).find((each) => each.key === referred.key) ?? never();
          const outcome = await deleteOutOfOrder(await rig.connect(whole, objectOf(whole.native, referred.key).cloud), row);
          expect(outcome).toMatchObject({ kind: "refused", error: { details: { code: "dependency" } } });
          await bring(stage, partOf(whole.native, []));
        }
        expect(tallyClouds(rig.directory)).toEqual({});
      });
    });
  });
}

async function openStage(cloud: CloudName, cases: CloudCases, text: string): Promise<Stage> {
  const rig: StackRig = await openStackRig({ cloud, requestDeadline: 30_000 });
  return { cloud, rig, whole: await rig.compile(text), cases };
}

function lower(text: string): NativeGraph {
  const { native, diagnostics } = lowerSource(text);
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (!native || errors.length > 0) throw new Error(errors.map((one) => `${one.code} ${one.message}`).join("\n"));
  return native;
}

/** A tag may hold any value of any object; the cloud knows nothing of that. */
function isReference(cloud: CloudName, { referrer, prop }: Edge): boolean {
  if (referrer.provider !== cloud || prop === undefined) return false;
  return providers.get(cloud)?.handlers[referrer.type]?.schema.props[prop]?.type !== "tags";
}

/** Whatever of the fixtures and the examples can be lowered for this cloud. */
function listSources(cloud: CloudName): readonly NativeGraph[] {
  const fixtures = join(root, "test", "fixtures");
  const texts = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("main.koine"))
    .map((path) => placeOn(cloud, readFileSync(join(fixtures, path), "utf8")));
  const examples = readdirSync(join(root, "examples")).map((name) => readFileSync(join(root, "examples", name, `${name}.koine`), "utf8"));
  const inputs = { primary: cloud, admin_key: adminKey };
  return [...texts, ...examples.map((each) => placeOn(cloud, each))].flatMap((each) => {
    const { native } = lowerSource(each, emptyLock, each.includes("input admin_key") ? inputs : {});
    return native ? [native] : [];
  });
}

function never(): never {
  throw new Error("there is none");
}
