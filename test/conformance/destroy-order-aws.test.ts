// Destroy order on aws: see destroy-order/declare.ts.

import { expect, test } from "vitest";
import { clouds, tallyClouds } from "../support/clouds.ts";
import { openStackRig } from "../support/stack-rig.ts";
import { awsCases } from "./destroy-order/aws-cases.ts";
import { declareDestroyOrder } from "./destroy-order/declare.ts";
import { partOf } from "./destroy-order/edges.ts";
import { bring } from "./destroy-order/play.ts";
import { coveringStack } from "./destroy-order/stack.ts";

declareDestroyOrder("aws", awsCases);

// The instance comes after the route, the route after the attachment of the gateway; nothing else says that the gateway is detached last.
test("what somebody else has deleted passes the order on to those on both sides of it", { timeout: 60_000 }, async () => {
  const rig = await openStackRig({ requestDeadline: 30_000 });
  try {
    const whole = await rig.compile(`stack t\n${clouds.aws.block}\n${coveringStack}`);
    const stage = { cloud: "aws", rig, whole, cases: awsCases } as const;
    await bring(stage, partOf(whole.native, ["machine.base:instance"]));
    const rows = await rig.store.readObjects();
    for (const { type, props } of rows) {
      const { RouteTableId, DestinationCidrBlock } = props;
      if (type === "aws.ec2.Route") rig.call("DeleteRoute", { RouteTableId, DestinationCidrBlock });
    }
    const { applied } = await bring(stage, partOf(whole.native, []));
    expect(applied.plan.changes.map(({ type, action }) => [type, action])).toContainEqual(["aws.ec2.Route", "forget"]);
    expect(tallyClouds(rig.directory)).toEqual({});
  } finally {
    await rig.close();
  }
});
