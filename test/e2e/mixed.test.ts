// Mix and match: examples/mixed on three vendors in one run, and a part of it moved to another vendor by one word.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloudNames, mutationsOn, ownedOn, tallyClouds } from "../support/clouds.ts";
import { copyExample, expectKoine, worldOf } from "../support/run-koine.ts";

function edit(folder: string, from: string, to: string): void {
  const path = join(folder, "mixed.koine");
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, to);
  if (after === before) throw new Error(`the example does not say \`${from}\``);
  writeFileSync(path, after);
}

test("three vendors in one run; the bastion moves to another by one word", { timeout: 300_000 }, async () => {
  const folder = copyExample("mixed");
  await expectKoine(folder, ["check"], 0);
  await expectKoine(folder, ["plan", "--simulate"], 0);
  const world = worldOf(folder);
  const untouched = tallyClouds(world);
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  for (const cloud of cloudNames) expect(ownedOn(cloud, world).length).toBeGreaterThan(4);

  edit(folder, "let home = azure", "let home = aws");
  const moving = await expectKoine(folder, ["plan", "--simulate"], 0);
  for (const address of ["network.yard", "subnet.gate", "address.hop_ip", "machine.bastion"])
    expect(moving.stdout).toMatch(new RegExp(`± ${address.replace(".", "\\.")}  moves from azure to aws`));
  // What names the bastion's address follows it; the rest stays as it is.
  expect(moving.stdout).toContain("firewall.postgres");
  expect(moving.stdout).not.toMatch(/machine\.(db|front)/);
  await expectKoine(folder, ["apply", "--simulate", "--yes"], 0);
  await expectKoine(folder, ["plan", "--simulate", "--detailed-exitcode"], 0);
  expect(ownedOn("azure", world)).toEqual([]);
  expect(ownedOn("aws", world).filter((object) => object.address?.startsWith("machine.bastion:"))).not.toEqual([]);

  // Made there before it ended here.
  const launched = mutationsOn("aws", world).findLast((request) => request.operation === "RunInstances");
  const ended = mutationsOn("azure", world).find((request) => request.operation === "virtualMachines.delete");
  expect(ended?.at).toBeGreaterThan(launched?.at ?? Number.POSITIVE_INFINITY);

  await expectKoine(folder, ["destroy", "--simulate", "--yes"], 0);
  expect(tallyClouds(world)).toEqual(untouched);
});
