// What a look at many objects costs: calls in proportion to the pages of our own, whatever else the project holds.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handlers } from "../../providers/gcp/objects/handlers.ts";
import { populateForeign, readRequests } from "../../providers/gcp/simulator/inspect.ts";
import { createExecutor, type Made } from "./executor.ts";
import { bootDisk, freshName, gcpCloud, makeNetwork, project, region, type Stage, zone } from "./gcp-surroundings.ts";
import { countRequests, openSimulated } from "./simulated-world.ts";

const ours = 1_000;
const foreign = 10_000;

let stop: () => Promise<void>;
let stage: Stage;
const directory = mkdtempSync(join(tmpdir(), "koine-gcp-sweep-"));

beforeAll(async () => {
  populateForeign(directory, foreign, { account: project });
  const open = await openSimulated(gcpCloud, directory);
  stage = createExecutor(open.world);
  stop = open.stop;
}, 60_000);
afterAll(async () => {
  await stop?.();
  rmSync(directory, { recursive: true, force: true });
});

it(`sweeps ${ours} machines of ours among ${foreign} of others by the pages of ours, and reads many by name`, async () => {
  const network = await makeNetwork(stage);
  const props = { name: freshName("sub"), network, region, ipCidrRange: "10.0.0.0/16" };
  const subnetwork = (await stage.make("gcp.compute.Subnetwork", props)).id.id;
  const disks = [await bootDisk(stage.world.client)];
  const handler = handlers["gcp.compute.Instance"];
  if (handler === undefined) throw new Error("there is no handler for instances");
  const launch = async (n: number): Promise<void> => {
    const desired = { name: `ours-${n}`, zone, machineType: "e2-medium", subnetwork, disks };
    const [create] = handler.steps({ action: "create", desired, observed: {}, attributes: {}, changed: [], generation: 1 });
    if (create === undefined) throw new Error("nothing is created");
    const token = `${n}`.padStart(32, "0");
    const marks = { lineage: stage.lineage, object: token, operation: token, address: `machine.web[${n}]:instance` };
    await handler.perform(stage.call({ token, marks }), create, create.body);
  };
  for (let n = 0; n < ours; n += 10) await Promise.all(Array.from({ length: 10 }, (_, at) => launch(n + at)));

  let found: Awaited<ReturnType<typeof handler.find>> = [];
  const counts = await countRequests(stage.world.wire, async () => {
    found = await handler.find(stage.call(), { kind: "lineage", lineage: stage.lineage });
  });
  expect(found).toHaveLength(ours);
  expect(found[0]?.props.disks).toMatchObject([{ deviceName: "boot", sizeGb: 20, type: "pd-balanced", boot: true }]);
  // Two pages of instances, and two of their disks.
  expect(counts).toEqual({ "gcp:instances.aggregatedList": 2, "gcp:disks.aggregatedList": 2 });
  const log = readRequests(directory).map((request) => request.operation);
  expect(log.filter((operation) => operation === "instances.aggregatedList")).toHaveLength(2);

  const ids = found.slice(0, 100).map((each) => each.id);
  const byName = await countRequests(stage.world.wire, async () => {
    const seen = await handler.observe(stage.call(), ids, "list");
    expect(seen.found.map((each) => each.id.id).sort()).toEqual(ids.map((id) => id.id).sort());
  });
  expect(byName).toEqual({ "gcp:instances.aggregatedList": 3, "gcp:disks.aggregatedList": 2 });
}, 120_000);

it("polls what starts together in one call", async () => {
  const made: Made[] = [];
  for (let n = 0; n < 20; n++) made.push(await stage.make("gcp.compute.Address", { name: freshName("ip"), region }));
  const handler = handlers["gcp.compute.Address"];
  const [create] = handler?.steps({ action: "create", desired: {}, observed: {}, attributes: {}, changed: [], generation: 1 }) ?? [];
  if (handler === undefined || create === undefined) throw new Error("nothing is created");
  const counts = await countRequests(stage.world.wire, async () => {
    const looks = await Promise.all(made.map((each) => handler.poll(stage.call(), create, { id: each.id })));
    expect(looks.map((look) => look.kind === "done" && look.observed?.id.id)).toEqual(made.map((each) => each.id.id));
  });
  expect(counts).toEqual({ "gcp:addresses.list": 1 });
});
