// What holds up a delete: things that outlast their owner for a while, and things that are not ours. Whole stacks on each cloud, on a virtual clock: a run
// waits instead of failing, asks seldom, and says what it waits for.

import { describe, expect, test } from "vitest";
import * as aws from "../../providers/aws/simulator/inspect.ts";
import * as azure from "../../providers/azure/simulator/inspect.ts";
import * as gcp from "../../providers/gcp/simulator/inspect.ts";
import { type CloudName, cloudNames, clouds, mutationsOn, ownedOn, tallyClouds } from "../support/clouds.ts";
import { createPacedTime, type PacedTime } from "../support/paced-time.ts";
import { expectDone } from "../support/stack-expectations.ts";
import { type Applied, openStackRig, type StackRig } from "../support/stack-rig.ts";

const minute = 60_000;

interface Subject {
  /** What ends a machine, and what else ends and held something. */
  readonly ends: readonly string[];
  /** The delete that a machine's remains hold up. */
  readonly heldUp: string;
  /** Somebody else puts something into our subnet, and takes it out again. */
  intrude(rig: StackRig): void;
  leave(rig: StackRig): void;
  readonly intruder: RegExp;
}

const theirs = "theirs";

const subjects: Readonly<Record<CloudName, Subject>> = {
  aws: {
    ends: ["TerminateInstances", "DeleteNatGateway"],
    heldUp: "DeleteNetworkInterface",
    intrude: (rig) => {
      const subnet = aws
        .readWorld(rig.directory)
        .find((object) => object.type === "subnet" && object.tags["koine:address"]?.includes("edge"));
      aws.callWorld(rig.directory, "CreateNetworkInterface", { SubnetId: subnet?.id, Description: "ELB app/theirs" });
    },
    leave: (rig) => {
      const card = aws
        .readWorld(rig.directory)
        .find((object) => object.row.kind === "network-interface" && object.row.description.includes(theirs));
      aws.callWorld(rig.directory, "DeleteNetworkInterface", { NetworkInterfaceId: card?.id });
    },
    intruder: /something Koine does not manage: aws\.ec2\.NetworkInterface eni-\w+ \(network interface: ELB app\/theirs\)/,
  },
  gcp: {
    ends: ["instances.delete"],
    heldUp: "subnetworks.delete",
    intrude: (rig) => {
      const zone = "europe-west1-b";
      const body = {
        name: theirs,
        machineType: `zones/${zone}/machineTypes/e2-small`,
        disks: [
          { boot: true, autoDelete: true, initializeParams: { sourceImage: "projects/debian-cloud/global/images/family/debian-12" } },
        ],
        networkInterfaces: [{ subnetwork: "projects/koine-tests/regions/europe-west1/subnetworks/t-edge" }],
      };
      gcp.callWorld(rig.directory, "instances.insert", { zone, body }, { account: "koine-tests" });
    },
    leave: (rig) =>
      gcp.callWorld(rig.directory, "instances.delete", { zone: "europe-west1-b", instance: theirs }, { account: "koine-tests" }),
    intruder: /something Koine does not manage: gcp\.compute\.Instance projects\/koine-tests\/zones\/europe-west1-b\/instances\/theirs/,
  },
  azure: {
    ends: ["virtualMachines.delete"],
    heldUp: "networkInterfaces.delete",
    intrude: (rig) => {
      const subnet = azure.readWorld(rig.directory).find((object) => object.id.endsWith("/subnets/t-edge"))?.id ?? "";
      const ipConfigurations = [{ name: "one", properties: { subnet: { id: subnet } } }];
      azure.callWorld(rig.directory, "PUT", foreignCard(), { location: "westeurope", properties: { ipConfigurations } });
    },
    leave: (rig) => azure.callWorld(rig.directory, "DELETE", foreignCard()),
    intruder: /something Koine does not manage: azure\.network\.NetworkInterface \S+\/networkInterfaces\/theirs/i,
  },
};

/** In a group of theirs, so that ours could go. */
function foreignCard(): string {
  return `/subscriptions/${azure.SUBSCRIPTION}/resourceGroups/others/providers/Microsoft.Network/networkInterfaces/${theirs}`;
}

const base = `network main { cidr = 10.0.0.0/16 }
subnet edge { network = main, cidr = 10.0.1.0/24 }
firewall web {
  network = main
  allow tcp 80 from any
}
key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" }
address front {}
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = edge, firewall = web, key = admin, public = front }
disk data { size = 20GiB, attach = m }
`;
const text = (cloud: CloudName, body = base): string => `stack t\n${clouds[cloud].block}\n${body}`;
const withNat = `${base}subnet inner { network = main, cidr = 10.0.2.0/24, public = false, nat = edge }\n`;

async function withRig(cloud: CloudName, rules: readonly object[], play: (rig: StackRig, time: PacedTime) => Promise<void>): Promise<void> {
  const pace = createPacedTime({ seed: 3 });
  const rig = await openStackRig({ cloud, pace, delays: "realistic", requestDeadline: minute, faults: { rules } });
  try {
    await play(rig, pace);
  } finally {
    await rig.close();
  }
}

const linger = (cloud: CloudName, ms: number): readonly object[] =>
  subjects[cloud].ends.map((operation) => ({ operation, do: { kind: "linger", ms } }));

function refusalsOf(cloud: CloudName, rig: StackRig): readonly { readonly operation: string; readonly outcome: string }[] {
  return mutationsOn(cloud, rig.directory).filter(({ outcome }) => outcome !== "ok");
}

/** What was said of things in the way, by operation of the plan. */
function notesOf({ events }: Applied): ReadonlyMap<string, readonly string[]> {
  const notes = events.flatMap((event) => (event.kind === "waiting" && event.note.includes(" is used by ") ? [event] : []));
  return new Map([...Map.groupBy(notes, (note) => note.operation)].map(([operation, list]) => [operation, list.map((each) => each.note)]));
}

describe.each(cloudNames)("%s", (cloud) => {
  const subject = subjects[cloud];

  test("what outlasts its machine by three minutes is waited for, and named", { timeout: 120_000 }, () =>
    withRig(cloud, linger(cloud, 3 * minute), async (rig) => {
      expectDone(await rig.apply(text(cloud, withNat)));
      const gone = await rig.apply(text(cloud, ""));
      expectDone(gone);
      expect(tallyClouds(rig.directory)).toEqual({});
      // It had to wait: the cloud said no, not often, and what was in the way was asked for a few times only.
      const refused = refusalsOf(cloud, rig);
      expect(refused.map(({ operation }) => operation)).toContain(subject.heldUp);
      for (const [operation, list] of Map.groupBy(refused, ({ operation }) => operation))
        expect({ operation, times: list.length }).toEqual({ operation, times: Math.min(list.length, 40) });
      const notes = notesOf(gone);
      for (const [, said] of notes) expect(said.length).toBeLessThanOrEqual(4);
      // Azure tells of a reserved interface only in the refusal itself, which names the machine.
      if (cloud === "azure")
        expect(gone.events.map((event) => ("note" in event ? event.note : ""))).toContainEqual(
          expect.stringContaining("reserved for another Virtual Machine"),
        );
      else expect([...notes.values()].flat().join("\n")).toMatch(/\(machine\.m:instance, which is being released\)/);
    }),
  );

  test("a machine that is replaced lets go late, and the run waits", { timeout: 120_000 }, () =>
    withRig(cloud, linger(cloud, 2 * minute), async (rig) => {
      expectDone(await rig.apply(text(cloud)));
      const other = text(cloud, base.replace('image = "ubuntu-24.04"', 'image = "debian-12"'));
      const applied = await rig.apply(other);
      expectDone(applied);
      expect(applied.plan.changes.find((change) => change.address === "machine.m")).toBeDefined();
      const { plan, problems } = await rig.plan(other);
      expect(problems).toEqual([]);
      expect(plan?.changes.map(({ key, action }) => [key, action])).toEqual([]);
    }),
  );

  test("what never lets go fails after the type's time, says what it was, and the next run goes on", { timeout: 120_000 }, () =>
    withRig(cloud, linger(cloud, 120 * minute), async (rig, time) => {
      expectDone(await rig.apply(text(cloud)));
      const began = time.now();
      const stuck = await rig.apply(text(cloud, ""));
      expect(stuck.result.kind).toBe("partial");
      const said = stuck.result.failed.map(({ error }) => error.message).join("\n");
      expect(said).toMatch(
        cloud === "azure" ? /reserved for another Virtual Machine .*\/t-m/s : /machine\.m:instance, which is being released/,
      );
      expect(time.now() - began).toBeGreaterThan(5 * minute);
      expect(time.now() - began).toBeLessThan(60 * minute);
      expect(refusalsOf(cloud, rig).length).toBeLessThan(400);
      await time.play(time.clock.sleep(120 * minute));
      expectDone(await rig.apply(text(cloud, "")));
      expect(tallyClouds(rig.directory)).toEqual({});
    }),
  );

  test("what is not ours blocks nothing but what it stands in, and is named; once it is gone, so is the rest", { timeout: 120_000 }, () =>
    withRig(cloud, [], async (rig) => {
      if (cloud === "azure") azure.callWorld(rig.directory, "PUT", foreignCard().split("/providers/")[0] ?? "", { location: "westeurope" });
      const untouched = tallyClouds(rig.directory);
      expectDone(await rig.apply(text(cloud)));
      subject.intrude(rig);
      const { result } = await rig.apply(text(cloud, ""));
      expect(result.kind).toBe("partial");
      expect(result.failed.map(({ error }) => error.message).join("\n")).toMatch(subject.intruder);
      // Everything that does not stand under it is gone.
      const left = ownedOn(cloud, rig.directory).map(({ address }) => address?.split(":")[0]);
      for (const address of left) expect(address).toMatch(/^(subnet\.edge|network\.main|firewall\.web|azure\.)/);
      subject.leave(rig);
      expectDone(await rig.apply(text(cloud, "")));
      expect(tallyClouds(rig.directory)).toEqual(untouched);
    }),
  );
});
