// Every request that the embedded ARM serves, sent once: its status is one of the specification's, and the headers lead where the specification says
// that the end is learnt.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRequests } from "../../providers/azure/simulator/inspect.ts";
import { TYPES } from "../../providers/azure/simulator/types.ts";
import { FULL, makeFullWorld } from "../support/arm-full-world.ts";
import { type ArmFixture, location, openArm, type RawAnswer, subscription } from "../support/arm-simulator.ts";
import { SPEC, type SpecRow } from "../support/arm-spec.ts";

let fixture: ArmFixture;
beforeAll(async () => {
  fixture = await openArm();
  await makeFullWorld(fixture);
});
afterAll(() => fixture.close());

const DISK = `/subscriptions/${subscription}/resourceGroups/full/providers/Microsoft.Compute/disks/disk`;

const BODIES: Readonly<Record<string, unknown>> = {
  "virtualMachines.attachDetachDataDisks": { dataDisksToDetach: [{ diskId: DISK }] },
  "resourceGroups.createOrUpdate": { location },
};

function findFull(row: SpecRow): (typeof FULL)[number] | undefined {
  const noun = row.operation.split(".")[0];
  return FULL.find((one) => one.type.endsWith(`/${noun}`));
}

function fill({ operation, path }: SpecRow): string {
  const full = FULL.find((one) => one.type.endsWith(`/${operation.split(".")[0]}`));
  const parts = full?.path.split("/") ?? [];
  return path
    .replace("{group}", "full")
    .replace("{parent}", parts.at(-3) ?? "")
    .replace("{name}", parts.at(-1) ?? "");
}

async function call(row: SpecRow): Promise<RawAnswer> {
  const full = findFull(row);
  const version = full?.apiVersion ?? "2025-04-01";
  const body =
    row.method === "PUT" ? (BODIES[row.operation] ?? full?.body) : row.method === "PATCH" ? { tags: { a: "b" } } : BODIES[row.operation];
  return fixture.send(row.method, `${fill(row)}?api-version=${version}`, body);
}

/** Deletions last, and what is needed by others after them: the order in which the full world was made, backwards. */
const order = [...SPEC].sort((a, b) => rank(a) - rank(b));

function rank(row: SpecRow): number {
  if (row.method !== "DELETE") return 0;
  const place = FULL.findIndex((one) => one.type.endsWith(`/${row.operation.split(".")[0]}`));
  return 1000 - place;
}

describe.each(order.map((row) => [row.operation, row] as const))("%s", (operation, row) => {
  test(`answers as ${row.spec} says`, async () => {
    const answer = await call(row);
    expect({ operation, status: answer.status, error: answer.body?.error }).toEqual({
      operation,
      status: expect.toSatisfy((status: number) => row.statuses.includes(status)),
      error: undefined,
    });
    const began = row.finalState !== undefined;
    const asynchronous = answer.headers.get("azure-asyncoperation");
    const left = answer.headers.get("location");
    expect(began ? (asynchronous ?? left) : "none").not.toBeNull();
    if (row.finalState === "azure-async-operation") expect(asynchronous).not.toBeNull();
    if (row.finalState === "location") expect(left).not.toBeNull();
    if (!began) expect([asynchronous, left]).toEqual([null, null]);
    if (began) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    for (const url of [asynchronous, left]) {
      if (url === null) continue;
      const end = await fixture.send("GET", url);
      expect([200, 204]).toContain(end.status);
    }
    expect(readRequests(fixture.directory).some((request) => request.operation === operation)).toBe(true);
  });
});

test("every type has its rows", () => {
  const nouns = new Set(SPEC.map(({ operation }) => operation.split(".")[0]));
  for (const { noun } of TYPES.values()) expect(nouns).toContain(noun);
});
