// Every native type of every cloud is priced, partly priced, free or said not to be in the catalog; and every object that a fixture becomes gets a quote
// that makes sense, whatever stands in its props.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { providers } from "../../cli/providers.ts";
import { hoursPerMonth, type PriceList } from "../../engine/cost/price-list.ts";
import { type NativeMap, nativeRef } from "../../engine/lower/native-value.ts";

const names = [...providers.keys()];

async function listOf(name: string): Promise<PriceList> {
  const list = await providers.get(name)?.prices?.();
  if (!list) throw new Error(`${name} has no price list`);
  return list;
}

describe.each(names)("%s", (name) => {
  test("has an answer for each of its types, and for no other", async () => {
    const { types } = await listOf(name);
    expect(Object.keys(types).sort()).toEqual(Object.keys(providers.get(name)?.handlers ?? {}).sort());
  });

  test("dates its prices in every region", async () => {
    const list = await listOf(name);
    const { regions = [] } = providers.get(name)?.description ?? {};
    expect(regions.length).toBeGreaterThan(20);
    for (const region of [...regions, "nowhere-1"]) expect(list.date(region)).toMatch(/^20\d\d(-\d\d){0,2}$/);
  });

  test("does not fail on what is known only at apply", async () => {
    const { types } = await listOf(name);
    for (const [type, price] of Object.entries(types)) {
      if (price === "free") continue;
      const props = providers.get(name)?.handlers[type]?.schema.props ?? {};
      const later = Object.fromEntries(Object.keys(props).map((prop) => [prop, nativeRef("machine.a:it", "id")]));
      for (const given of [{}, later]) {
        const { components, missing } = price(given, "");
        for (const component of components) expect(component.monthly).toBeGreaterThanOrEqual(0);
        if (given === later) expect(components.length + missing.length, type).toBeGreaterThan(0);
      }
    }
  });
});

const fixtures = join(import.meta.dirname, "..", "fixtures");

interface LoweredObject {
  readonly type: string;
  readonly props: NativeMap;
}

/** The native objects of all fixtures, references as text. */
function readObjects(): readonly LoweredObject[] {
  return readdirSync(fixtures, { recursive: true, encoding: "utf8" })
    .map((path) => join(fixtures, path))
    .filter((path) => /native(\.\w+)?\.json$/.test(path))
    .flatMap((path) => Object.values((JSON.parse(readFileSync(path, "utf8")) as { objects: Record<string, LoweredObject> }).objects));
}

test("what the fixtures become is charged by amounts that add up", async () => {
  const objects = readObjects();
  expect(objects.length).toBeGreaterThan(200);
  const lists = new Map(await Promise.all(names.map(async (name) => [name, await listOf(name)] as const)));
  const priced = new Set<string>();
  for (const { type, props } of objects) {
    const price = lists.get(type.slice(0, type.indexOf(".")))?.types[type];
    expect(price, type).toBeDefined();
    if (price === undefined || price === "free") continue;
    for (const region of ["us-east-1", "us-central1", "eastus", "nowhere-1"]) {
      for (const { unit, quantity, monthly, what } of price(props, region).components) {
        expect(what).not.toBe("");
        if (unit === "hour") expect(quantity).toBe(hoursPerMonth);
        expect(Number.isFinite(monthly) && monthly >= 0 && monthly < 100_000).toBe(true);
        priced.add(type);
      }
    }
  }
  // Both ways of the machines, their disks and addresses are met.
  expect([...priced].sort()).toEqual(
    expect.arrayContaining([
      "aws.ec2.Instance",
      "azure.compute.VirtualMachine",
      "gcp.compute.Instance",
      "gcp.compute.Disk",
      "aws.ec2.NatGateway",
    ]),
  );
});
