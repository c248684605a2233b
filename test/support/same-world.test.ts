// The judge of worlds judges: equal histories are equal whatever ids were drawn, and every kind of difference is seen.

import { expect, test } from "vitest";
import { callWorld, editWorld } from "../../providers/aws/simulator/inspect.ts";
import { clouds } from "./clouds.ts";
import { compareWorlds, type Portrait, portray } from "./same-world.ts";
import { openStackRig } from "./stack-rig.ts";

const text = `stack t
${clouds.aws.block}
network main { cidr = 10.0.0.0/16 }
address ip {}
`;

async function make(
  meddle: (directory: string, idOf: (type: "vpc" | "address", address: string) => string) => void,
): Promise<readonly Portrait[]> {
  const rig = await openStackRig();
  try {
    await rig.apply(text);
    meddle(rig.directory, rig.idOf);
    return portray("aws", rig.directory, text);
  } finally {
    await rig.close();
  }
}

test("what differs is told by its kind, and what a cloud draws does not count", async () => {
  const calm = await make(() => {});
  expect(compareWorlds(await make(() => {}), calm)).toEqual([]);

  const orphan = await make((directory) => callWorld(directory, "CreateVpc", { CidrBlock: "10.9.0.0/16" }));
  expect(compareWorlds(orphan, calm).map(({ kind }) => kind)).toContain("orphan");

  const twin = await make((directory) =>
    callWorld(directory, "AllocateAddress", {
      TagSpecifications: [{ ResourceType: "elastic-ip", Tags: [{ Key: "koine:address", Value: "address.ip:eip" }] }],
    }),
  );
  expect(compareWorlds(twin, calm)).toMatchObject([{ kind: "duplicate", label: "address address.ip:eip" }]);

  const gone = await make((directory, idOf) => callWorld(directory, "ReleaseAddress", { AllocationId: idOf("address", "address.ip:eip") }));
  expect(compareWorlds(gone, calm)).toMatchObject([{ kind: "missing", label: "address address.ip:eip" }]);

  const other = await make((directory, idOf) => {
    const id = idOf("vpc", "network.main:vpc");
    editWorld(directory, (world) => {
      const vpc = world.get("vpc", id);
      if (vpc) world.change(vpc, { dnsSupport: !vpc.dnsSupport });
    });
  });
  expect(compareWorlds(other, calm)).toMatchObject([
    { kind: "other", label: "vpc network.main:vpc", detail: "dnsSupport is false, not true" },
  ]);
});
