// Disks, snapshots and images: sizes, types, sources, and the order in which they may go.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeMachine, type GceFixture, type Json, makeNetwork, openGce, ZONE } from "../../../test/support/gce-simulator.ts";

let gce: GceFixture;
beforeEach(async () => {
  gce = await openGce();
});
afterEach(() => gce.close());

const DISK = `${ZONE}/disks/data`;
const insertDisk = (more: Json = {}) =>
  gce.change("POST", `${ZONE}/disks`, { name: "data", sizeGb: "20", type: `${ZONE}/diskTypes/pd-balanced`, ...more });
const insertSnapshot = (more: Json = {}) => gce.change("POST", "global/snapshots", { name: "snap", sourceDisk: DISK, ...more });

describe("disks", () => {
  test("are made with their labels, and show what they are", async () => {
    expect(await insertDisk({ labels: { env: "test" }, description: "d" })).toBe("ok");
    expect(await gce.get(DISK)).toMatchObject({
      kind: "compute#disk",
      sizeGb: "20",
      status: "READY",
      labels: { env: "test" },
      description: "d",
      type: expect.stringMatching(/^https:.*zones\/europe-west1-b\/diskTypes\/pd-balanced$/),
      physicalBlockSizeBytes: "4096",
    });
  });

  test.each<[Json, string]>([
    [{ sizeGb: "5" }, "invalid"],
    [{ sizeGb: "70000" }, "invalid"],
    [{ type: `${ZONE}/diskTypes/pd-quick` }, "notFound"],
    [{ type: "zones/europe-west1-c/diskTypes/pd-ssd" }, "invalid"],
    [{ provisionedIops: "5000" }, "invalid"],
    [{ type: `${ZONE}/diskTypes/hyperdisk-balanced`, provisionedIops: "1" }, "invalid"],
    [{ type: `${ZONE}/diskTypes/hyperdisk-balanced`, provisionedIops: "5000", provisionedThroughput: "200" }, "ok"],
    [{ labels: { Env: "x" } }, "invalid"],
    [{ sourceSnapshot: "global/snapshots/none" }, "notFound"],
  ])("%j: %s", async (more, outcome) => {
    expect(await insertDisk(more)).toBe(outcome);
  });

  test("grow, and never shrink; labels by their fingerprint", async () => {
    await insertDisk();
    expect(await gce.change("POST", `${DISK}/resize`, { sizeGb: "20" })).toBe("invalid");
    expect(await gce.change("POST", `${DISK}/resize`, { sizeGb: "40" })).toBe("ok");
    expect(await gce.get(DISK)).toMatchObject({ sizeGb: "40" });
    const { labelFingerprint } = await gce.get(DISK);
    expect(await gce.change("POST", `${DISK}/setLabels`, { labels: { a: "b" }, labelFingerprint })).toBe("ok");
    expect(await gce.change("POST", `${DISK}/setLabels`, { labels: {}, labelFingerprint })).toBe("conditionNotMet");
  });

  test("of hyperdisk change their performance, field by field", async () => {
    await insertDisk({ type: `${ZONE}/diskTypes/hyperdisk-balanced` });
    expect(await gce.get(DISK)).toMatchObject({ provisionedIops: "3120", provisionedThroughput: "170" });
    expect(await gce.change("PATCH", `${DISK}?paths=provisionedIops`, { name: "data", provisionedIops: "5000" })).toBe("ok");
    expect(await gce.change("PATCH", `${DISK}?paths=type`, { name: "data" })).toBe("invalid");
    expect(await gce.get(DISK)).toMatchObject({ provisionedIops: "5000", provisionedThroughput: "170" });
  });

  test("count against their region's quota", async () => {
    const small = await openGce({ faults: { quotas: { DISKS_TOTAL_GB: 30 } } });
    expect(await small.change("POST", `${ZONE}/disks`, { name: "a", sizeGb: "20" })).toBe("ok");
    expect(await small.change("POST", "zones/europe-west1-c/disks", { name: "b", sizeGb: "20" })).toBe("QUOTA_EXCEEDED");
    expect(await small.change("POST", "zones/us-central1-a/disks", { name: "b", sizeGb: "20" })).toBe("ok");
    await small.close();
  });
});

describe("snapshots and images", () => {
  beforeEach(async () => {
    await makeNetwork(gce);
    await insertDisk();
  });

  test("a snapshot is of a disk, and outlives it; a disk is made of it, not smaller", async () => {
    expect(await insertSnapshot({ labels: { a: "b" } })).toBe("ok");
    expect(await gce.get("global/snapshots/snap")).toMatchObject({
      status: "READY",
      diskSizeGb: "20",
      labels: { a: "b" },
      sourceDisk: expect.stringMatching(/disks\/data$/),
      storageBytesStatus: "UP_TO_DATE",
    });
    expect(await gce.change("DELETE", DISK)).toBe("ok");
    expect(await gce.change("POST", `${ZONE}/disks`, { name: "less", sourceSnapshot: "global/snapshots/snap", sizeGb: "10" })).toBe(
      "invalid",
    );
    expect(await gce.change("POST", `${ZONE}/disks`, { name: "copy", sourceSnapshot: "global/snapshots/snap" })).toBe("ok");
    expect(await gce.get(`${ZONE}/disks/copy`)).toMatchObject({ sizeGb: "20", sourceSnapshot: expect.stringMatching(/snapshots\/snap$/) });
  });

  test("by way of the disk, the operation is the disk's", async () => {
    const { body } = await gce.call("POST", `${DISK}/createSnapshot`, { name: "snap" });
    expect(body).toMatchObject({
      operationType: "createSnapshot",
      targetLink: expect.stringMatching(/disks\/data$/),
      zone: expect.any(String),
    });
    expect(await gce.get("global/snapshots/snap")).toMatchObject({ status: "READY" });
    expect(await insertSnapshot({ sourceDisk: `${ZONE}/disks/none` })).toBe("alreadyExists");
    expect(await insertSnapshot({ name: "other", sourceDisk: `${ZONE}/disks/none` })).toBe("notFound");
    expect(await insertSnapshot({ name: "other", snapshotType: "FAST" })).toBe("invalid");
  });

  test("an image is made of a snapshot, an instance of the image; the newest of a family is found", async () => {
    await gce.change("POST", `${ZONE}/instances`, describeMachine("web"));
    await insertSnapshot({ sourceDisk: `${ZONE}/disks/web` });
    expect(await gce.change("POST", "global/images", { name: "gold", sourceSnapshot: "global/snapshots/snap", family: "gold" })).toBe("ok");
    expect(await gce.get("global/images/gold")).toMatchObject({
      status: "READY",
      diskSizeGb: "10",
      architecture: "X86_64",
      sourceType: "RAW",
    });
    expect(await gce.get("global/images/family/gold")).toMatchObject({ name: "gold" });
    const disks = [{ boot: true, initializeParams: { sourceImage: "global/images/gold" } }];
    expect(await gce.change("POST", `${ZONE}/instances`, describeMachine("two", { disks }))).toBe("ok");
    expect(await gce.change("POST", "global/images", { name: "live", sourceDisk: `${ZONE}/disks/web` })).toBe(
      "resourceInUseByAnotherResource",
    );
    expect(await gce.change("POST", "global/images?forceCreate=true", { name: "live", sourceDisk: `${ZONE}/disks/web` })).toBe("ok");
    expect(await gce.change("POST", "global/images", { name: "none" })).toBe("required");
    for (const path of ["global/images/gold", "global/snapshots/snap"]) {
      const { labelFingerprint } = await gce.get(path);
      expect(await gce.change("POST", `${path}/setLabels`, { labels: { a: "b" }, labelFingerprint })).toBe("ok");
      expect(await gce.change("DELETE", path)).toBe("ok");
    }
    expect((await gce.call("GET", "global/images/family/gold")).status).toBe(404);
  });

  test("an image is listed when the index has seen it, and under its labels", async () => {
    const late = await openGce({ faults: { lag: { lists: 1_000, tags: 2_000 } } });
    await late.call("POST", `${ZONE}/disks`, { name: "data" });
    await late.get(`${ZONE}/disks/data`);
    await late.call("POST", "global/images", { name: "own", sourceDisk: `${ZONE}/disks/data`, labels: { a: "b" } });
    const count = async (query = "") => ((await late.get(`global/images${query}`)).items as object[] | undefined)?.length ?? 0;
    expect(await count()).toBe(0);
    late.pass(1_000);
    expect([await count(), await count("?filter=labels.a%3Db")]).toEqual([1, 0]);
    late.pass(1_000);
    expect(await count("?filter=labels.a%3Db")).toBe(1);
    await late.close();
  });

  test("the vendor's images are in their projects: old ones deprecated, the family the newest", async () => {
    const debian = await openGce({ project: "debian-cloud" });
    const { items } = (await debian.get("global/images?filter=family%3Ddebian-12")) as {
      items: { name: string; deprecated?: { replacement: string } }[];
    };
    expect(items.map((image) => image.deprecated === undefined)).toEqual([false, false, true]);
    const newest = await debian.get("global/images/family/debian-12");
    expect(newest).toMatchObject({
      name: items[2]?.name,
      diskSizeGb: "10",
      guestOsFeatures: expect.arrayContaining([{ type: "UEFI_COMPATIBLE" }]),
    });
    expect(items[0]?.deprecated?.replacement).toMatch(new RegExp(`${newest.name}$`));
    expect(await debian.get(`global/images/${items[0]?.name}`)).toMatchObject({ architecture: "X86_64" });
    expect((await debian.call("GET", "global/images/family/debian-1")).status).toBe(404);
    await debian.close();
  });
});
