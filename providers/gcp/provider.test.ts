import { expect, it } from "vitest";
import { importOf, modulesOf } from "../../test/support/loaded-modules.ts";
import { gcpDescription } from "./description.ts";
import type { Gce } from "./operations.ts";
import { gcp } from "./provider.ts";

it("loads neither the SDK nor the simulator by being imported", async () => {
  const loaded = await modulesOf(`${importOf("provider.ts", import.meta.url)};`);
  expect(loaded.some((url) => url.endsWith("objects/instance.ts"))).toBe(true);
  expect(loaded.filter((url) => /@google-cloud|google-gax|google-auth|gcp\/client\.ts|gcp\/simulator\//.test(url))).toEqual([]);
});

it("loads of the SDK only the clients that are used", async () => {
  const connect = `const { connectGce } = ${importOf("client.ts", import.meta.url)};
    const client = connectGce({ project: "p", region: "r", endpoint: "http://127.0.0.1:9", simulated: true, koineVersion: "0" });
    await client.send("projects.get", {}, AbortSignal.timeout(5000)).catch(() => {});`;
  const clients = (await modulesOf(connect)).filter((url) => /@google-cloud\/compute\/build\/src\/.*_client\.js$/.test(url));
  expect(clients.map((url) => url.split("/").at(-1))).toEqual(["projects_client.js"]);
});

it("has a lowering for each refined kind", () => {
  for (const kind of Object.keys(gcpDescription.refinements)) expect(gcp.lowerings).toHaveProperty(kind);
});

it("speaks for the project by its id, by one read", async () => {
  const asked: string[] = [];
  const send = async (operation: string): Promise<unknown> => {
    asked.push(operation);
    return { name: "shop-1", id: "123456789012" };
  };
  const client = { project: "123456789012", region: "europe-west1", send, close: () => undefined } as unknown as Gce;
  expect(await gcp.identify(client, AbortSignal.timeout(5_000))).toEqual({ account: "shop-1", region: "europe-west1" });
  expect(asked).toEqual(["projects.get"]);
});
