// Every prop of every kind on the embedded EC2, through all layers: applied, changed, removed and destroyed, with an empty plan after each.

import { describe, expect, test } from "vitest";
import { kinds } from "../../grammar/kinds/catalog.ts";
import { awsDescription } from "../../providers/aws/description.ts";
import { actionsOf, applyFully, expectDestroyed, mutationsOf } from "../support/stack-expectations.ts";
import { openStackRig } from "../support/stack-rig.ts";
import { imageCases, restoredCases, snapshotCases } from "./kinds-aws-image-cases.ts";
import { diskCases, machineCases } from "./kinds-aws-machine-cases.ts";
import { addressCases, firewallCases, keyCases, networkCases, subnetCases } from "./kinds-aws-network-cases.ts";

const propCases = [
  ...networkCases,
  ...subnetCases,
  ...firewallCases,
  ...keyCases,
  ...machineCases,
  ...diskCases,
  ...addressCases,
  ...snapshotCases,
  ...imageCases,
  ...restoredCases,
];

test("no prop, block, rule or refinement is in no case", () => {
  const tried = new Set(propCases.map((one) => one.prop));
  const wanted = [...kinds.values()].flatMap((kind) => [
    ...Object.keys(kind.props).map((prop) => `${kind.name}.${prop}`),
    ...Object.entries(kind.blocks ?? {}).flatMap(([block, schema]) => [
      `${kind.name}.${block}`,
      ...Object.keys(schema.props).map((prop) => `${kind.name}.${block}.${prop}`),
    ]),
    ...(kind.rules ? [`${kind.name}.allow`] : []),
    ...Object.keys(awsDescription.refinements[kind.name]?.props ?? {}).map((prop) => `${kind.name}.on.aws.${prop}`),
  ]);
  expect(wanted.filter((prop) => !tried.has(prop))).toEqual([]);
});

describe("a prop given, changed, taken out", () => {
  test.each(propCases.map((one) => [one.name === undefined ? one.prop : `${one.prop}: ${one.name}`, one] as const))(
    "%s",
    async (_, { from, to, shows, requests, without, removal }) => {
      const rig = await openStackRig();
      try {
        await applyFully(rig, from);
        const before = mutationsOf(rig).length;
        const change = await applyFully(rig, to);
        expect(actionsOf(change.plan)).toEqual(shows);
        if (requests) expect(mutationsOf(rig).slice(before)).toEqual(requests);
        if (without !== undefined) {
          const removed = await applyFully(rig, without);
          if (removal) expect(actionsOf(removed.plan)).toEqual(removal);
        }
        await expectDestroyed(rig, without ?? to);
      } finally {
        await rig.close();
      }
    },
  );
});
