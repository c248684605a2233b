// Every type of the embedded ARM made in full and answered: each member of an answer is one that the SDK reads, each value of an enumeration is the
// vendor's, nothing that was sent is lost, and an answer that is sent back changes nothing.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FULL, makeFullWorld } from "../support/arm-full-world.ts";
import { type ArmModel, readArmModel } from "../support/arm-model.ts";
import { type ArmFixture, openArm } from "../support/arm-simulator.ts";

const network = readArmModel("arm-network");
const compute = readArmModel("arm-compute");

const READERS: Readonly<Record<string, readonly [ArmModel, string]>> = {
  virtualNetworks: [network, "virtualNetworkDeserializer"],
  subnets: [network, "subnetDeserializer"],
  networkSecurityGroups: [network, "networkSecurityGroupDeserializer"],
  securityRules: [network, "securityRuleDeserializer"],
  applicationSecurityGroups: [network, "applicationSecurityGroupDeserializer"],
  publicIPAddresses: [network, "publicIPAddressDeserializer"],
  natGateways: [network, "natGatewayDeserializer"],
  networkInterfaces: [network, "networkInterfaceDeserializer"],
  virtualMachines: [compute, "virtualMachineDeserializer"],
  disks: [compute, "diskDeserializer"],
  snapshots: [compute, "snapshotDeserializer"],
  images: [compute, "imageDeserializer"],
};

/** Real answers have them; the SDKs do not read them. */
const BEYOND_THE_MODEL = new Set(["kind", "type", "name", "etag", "timeCreated"]);

/** The SDK knows some of the sizes; the list of skus knows all. */
const OPEN_ENUMERATIONS = new Set(["vmSize"]);

/** Never answered: https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#osprofile */
const UNANSWERED = new Set(["properties.osProfile.customData", "properties.userData"]);

let fixture: ArmFixture;
beforeAll(async () => {
  fixture = await openArm();
  await makeFullWorld(fixture);
});
afterAll(() => fixture.close());

function findUnread(model: ArmModel, reader: string, value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => findUnread(model, reader, item, path));
  if (typeof value !== "object" || value === null) return [];
  const members = model.node(reader)?.members;
  if (members === undefined || members.size === 0) return [];
  if (/Record\w+$/.test(reader))
    return Object.values(value).flatMap((item) => findUnread(model, reader.replace("Record", ""), item, `${path}*.`));
  return Object.entries(value).flatMap(([name, item]) => {
    const member = members.get(name);
    if (member === undefined) return BEYOND_THE_MODEL.has(name) ? [] : [`${path}${name}`];
    const values = typeof item === "string" && !OPEN_ENUMERATIONS.has(name) ? model.values(reader, name) : undefined;
    const odd = values === undefined || values.includes(String(item)) ? [] : [`${path}${name} = ${String(item)}`];
    return [...odd, ...(member.next === undefined ? [] : findUnread(model, member.next, item, `${path}${name}.`))];
  });
}

/** Members that were sent and are answered with another value, or not at all. */
function findLost(sent: unknown, answered: unknown, path: string): readonly string[] {
  if (UNANSWERED.has(path)) return answered === undefined ? [] : [`${path} is answered`];
  if (Array.isArray(sent)) return sent.flatMap((item, n) => findLost(item, (answered as unknown[] | undefined)?.[n], `${path}[${n}]`));
  if (typeof sent !== "object" || sent === null)
    return Object.is(sent, answered) ? [] : [`${path}: ${String(sent)} became ${String(answered)}`];
  return Object.entries(sent).flatMap(([name, item]) =>
    findLost(item, (answered as Record<string, unknown> | undefined)?.[name], path === "" ? name : `${path}.${name}`),
  );
}

describe.each(FULL.map((one) => [one.path.split("/providers/")[1] ?? "", one] as const))(
  "%s",
  (_name, { path, apiVersion, body, type }) => {
    const url = `${path}?api-version=${apiVersion}`;

    test("the SDK reads every member of the answer", async () => {
      const answer = await fixture.send("GET", url);
      const [model, reader] = READERS[type.split("/").at(-1) ?? ""] ?? [network, ""];
      expect(answer.status).toBe(200);
      expect(model.node(reader)?.members.size).toBeGreaterThan(3);
      expect(findUnread(model, reader, answer.body, "")).toEqual([]);
    });

    test("what was sent is answered", async () => {
      expect(findLost(body, (await fixture.send("GET", url)).body, "")).toEqual([]);
    });

    test("its own answer sent back changes nothing but the etag", async () => {
      const before = (await fixture.send("GET", url)).body ?? {};
      const answer = await fixture.send("PUT", url, before);
      expect([200, 202]).toContain(answer.status);
      expect(withoutEtags((await fixture.send("GET", url)).body)).toEqual(withoutEtags(before));
    });
  },
);

function withoutEtags(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, item: unknown) => (name === "etag" ? undefined : item)));
}
