import { expect, it } from "vitest";
import { importOf, modulesOf } from "../../test/support/loaded-modules.ts";
import { azureDescription } from "./description.ts";
import { azure } from "./provider.ts";

it("loads neither the SDK nor the simulator by being imported", async () => {
  const loaded = await modulesOf(`${importOf("provider.ts", import.meta.url)};`);
  expect(loaded.some((url) => url.endsWith("objects/virtual-machine.ts"))).toBe(true);
  expect(loaded.filter((url) => /@azure|@typespec|azure\/client\.ts|azure\/simulator\//.test(url))).toEqual([]);
});

const connect = `const { connectArm } = ${importOf("client.ts", import.meta.url)}`;
const options = `{ subscription: "s", region: "westeurope", endpoint: "http://127.0.0.1:9", simulated: true, koineVersion: "t" }`;

it("loads the SDK of a service with its first request, and no credentials for a simulator", async () => {
  const before = await modulesOf(`${connect}; connectArm(${options});`);
  expect(before.some((url) => url.endsWith("azure/client.ts"))).toBe(true);
  expect(before.filter((url) => url.includes("@azure/"))).toEqual([]);
  const after = await modulesOf(
    `${connect}; await connectArm(${options}).send("virtualNetworks.listAll", {}, AbortSignal.timeout(5000)).catch(() => undefined);`,
  );
  expect(after.some((url) => url.includes("@azure/arm-network"))).toBe(true);
  expect(after.filter((url) => /@azure\/(arm-compute|arm-resources|identity)/.test(url))).toEqual([]);
});

it("has a lowering for each refined kind", () => {
  for (const kind of Object.keys(azureDescription.refinements)) expect(azure.lowerings).toHaveProperty(kind);
});
