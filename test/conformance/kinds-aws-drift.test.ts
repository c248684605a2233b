// What other hands change or delete on EC2 is shown by the next plan as drift, and mended by the next apply.

import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { actionsOf, applyFully, expectDone, expectEmpty } from "../support/stack-expectations.ts";
import { openStackRig, type StackRig } from "../support/stack-rig.ts";
import { deletionCases, editCases, everything } from "./kinds-aws-drift-cases.ts";

describe("drift", () => {
  let rig: StackRig;
  let whole = false;
  // One world for all, made anew after a test that left it unmended.
  beforeEach(async () => {
    if (!whole) {
      await rig?.close();
      rig = await openStackRig();
      await applyFully(rig, everything);
    }
    whole = false;
  });
  afterAll(() => rig.close());

  test.each(editCases.map((one) => [one.name, one] as const))("an edit out of band: %s", async (_, { edit, shows, deep }) => {
    edit(rig);
    const flags = deep ? { deep: true } : {};
    const { plan } = await rig.plan(everything, flags);
    expect(actionsOf(plan)).toEqual(shows);
    const causes = new Set(plan?.changes.flatMap((change) => change.props.map((prop) => prop.cause)));
    for (const cause of causes) expect(["drift", "mark", "replacement", "deferred"]).toContain(cause);
    expectDone(await rig.apply(everything, flags));
    await expectEmpty(rig, everything, { deep: true });
    whole = true;
  });

  test.each(deletionCases.map((one) => [one.name, one] as const))("a deletion out of band: %s", async (_, { edit, shows }) => {
    edit(rig);
    const { plan } = await rig.plan(everything);
    expect(actionsOf(plan)).toEqual(shows);
    expectDone(await rig.apply(everything));
    await expectEmpty(rig, everything, { deep: true });
    whole = true;
  });

  test("and all of it can still be destroyed; only the disk that another hand took off a machine stays, with what is on it", async () => {
    expectDone(await rig.apply(everything, { destroy: true }));
    const left = rig.world();
    expect(left.map((object) => [object.type, object.state, object.tags["koine:address"]])).toEqual([["volume", "available", undefined]]);
    expect(left[0]?.tags["koine:child-of"]).toBeDefined();
  });
});
