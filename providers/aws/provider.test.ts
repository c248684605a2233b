import { expect, it } from "vitest";
import { importOf, modulesOf } from "../../test/support/loaded-modules.ts";
import { awsDescription } from "./description.ts";
import { aws } from "./provider.ts";

it("loads neither the SDK nor the simulator by being imported", async () => {
  const loaded = await modulesOf(`${importOf("provider.ts", import.meta.url)};`);
  expect(loaded.some((url) => url.endsWith("objects/instance.ts"))).toBe(true);
  expect(loaded.filter((url) => /@aws-sdk|@smithy|aws\/client\.ts|aws\/simulator\//.test(url))).toEqual([]);
});

it("sees the SDK where it is loaded", async () => {
  expect((await modulesOf(`${importOf("client.ts", import.meta.url)};`)).some((url) => url.includes("@aws-sdk/client-ec2"))).toBe(true);
});

it("has a lowering for each refined kind", () => {
  for (const kind of Object.keys(awsDescription.refinements)) expect(aws.lowerings).toHaveProperty(kind);
});
