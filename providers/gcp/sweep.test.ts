import { expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import { addresses, instances, networks } from "./collections.ts";
import type { GceCall } from "./operations.ts";
import { readByPaths, sweep } from "./sweep.ts";

type Answer = (operation: string, input: Readonly<Record<string, unknown>>) => unknown;

/** A client that answers as `answer` says and notes what it is asked. */
function callTo(answer: Answer): { readonly call: GceCall; readonly asked: readonly [string, Readonly<Record<string, unknown>>][] } {
  const asked: [string, Readonly<Record<string, unknown>>][] = [];
  const send = async (operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> => {
    asked.push([operation, input]);
    return answer(operation, input);
  };
  const client = { project: "p", region: "europe-west1", send, close: () => undefined };
  const call = { client, identity: { account: "p", region: "europe-west1" }, signal: AbortSignal.timeout(5_000) } as unknown as GceCall;
  return { call, asked };
}

const row = (path: string) => ({ name: path.split("/").at(-1), selfLink: `https://www.googleapis.com/compute/v1/${path}` });
const absent = (): never => {
  throw new ProviderError("not there", { code: "not_found", effect: "none" });
};
const network = (n: number): string => `projects/p/global/networks/n-${n}`;

it("follows page tokens, over an empty page too", async () => {
  const pages: Record<string, unknown> = {
    "": { items: [row(network(1))], nextPageToken: "a" },
    a: { nextPageToken: "b" },
    b: { items: [row(network(2))] },
  };
  const { call, asked } = callTo((_operation, input) => pages[String(input.pageToken ?? "")]);
  expect((await sweep(networks, call, "x")).map((each) => each.name)).toEqual(["n-1", "n-2"]);
  expect(asked.map(([, input]) => input)).toEqual([
    { filter: "x", maxResults: 500 },
    { filter: "x", maxResults: 500, pageToken: "a" },
    { filter: "x", maxResults: 500, pageToken: "b" },
  ]);
});

const zoned = (more: object = {}) => ({
  items: {
    "zones/europe-west1-b": { instances: [row("projects/p/zones/europe-west1-b/instances/ours")] },
    "zones/europe-west1-c": { warning: { code: "NO_RESULTS_ON_PAGE", message: "none" } },
    "zones/us-east1-b": { instances: [row("projects/p/zones/us-east1-b/instances/elsewhere")] },
    ...more,
  },
});

it("takes of all zones those of our region", async () => {
  const { call } = callTo(() => zoned());
  expect((await sweep(instances, call, "x")).map((each) => each.name)).toEqual(["ours"]);
});

it.each([
  [
    "a warning of one of our zones",
    zoned({ "zones/europe-west1-d": { warning: { code: "UNREACHABLE", message: "down" } } }),
    "UNREACHABLE: down",
  ],
  ["one of our zones among the unreachable", { ...zoned(), unreachables: ["projects/p/zones/europe-west1-d"] }, "zones/europe-west1-d"],
  ["a warning of the whole list", { ...zoned(), warning: { code: "PARTIAL_SUCCESS" } }, "PARTIAL_SUCCESS"],
])("does not take a part for the whole: %s", async (_name, page, reason) => {
  const { call } = callTo(() => page);
  await expect(sweep(instances, call, "x")).rejects.toMatchObject({
    message: expect.stringContaining(reason),
    details: { code: "unavailable", effect: "none" },
  });
});

it("does not mind that another region is silent", async () => {
  const page = { ...zoned({ "zones/us-east1-c": { warning: { code: "UNREACHABLE" } } }), unreachables: ["zones/us-east1-d"] };
  const { call } = callTo(() => page);
  expect(await sweep(instances, call, "x")).toHaveLength(1);
});

it("asks for few one by one", async () => {
  const { call, asked } = callTo((_operation, input) => (input.network === "n-2" ? absent() : row(network(1))));
  const { rows, unseen } = await readByPaths(networks, call, [network(1), network(2)]);
  expect([...rows.keys()]).toEqual([network(1)]);
  expect(unseen.size).toBe(0);
  expect(asked.map(([operation]) => operation)).toEqual(["networks.get", "networks.get"]);
});

it("asks for many by name, and once more for what the list does not show", async () => {
  const paths = Array.from({ length: 90 }, (_, n) => network(n));
  const { call, asked } = callTo((operation, input) => {
    if (operation === "networks.get") return input.network === "n-7" ? row(network(7)) : absent();
    const names = /"(.*)"/.exec(String(input.filter))?.[1]?.split("|") ?? [];
    // Its index trails for one, and another is gone.
    return { items: names.filter((name) => name !== "n-7" && name !== "n-8").map((name) => row(`projects/p/global/networks/${name}`)) };
  });
  const { rows } = await readByPaths(networks, call, paths);
  expect(rows.size).toBe(89);
  expect(rows.has(network(8))).toBe(false);
  expect(asked.map(([operation]) => operation)).toEqual([...Array(3).fill("networks.list"), "networks.get", "networks.get"]);
});

it("does not take a refusal for absence, nor one object's for another's", async () => {
  const { call } = callTo((_operation, input) => {
    if (input.network === "n-2") throw new ProviderError("not yours", { code: "denied", effect: "none" });
    return row(network(1));
  });
  const { rows, unseen } = await readByPaths(networks, call, [network(1), network(2)]);
  expect([...rows.keys()]).toEqual([network(1)]);
  expect([...unseen]).toEqual([[network(2), "not yours"]]);
});

it("leaves to the engine what may pass", async () => {
  const { call } = callTo(() => {
    throw new ProviderError("slow down", { code: "throttled", effect: "none" });
  });
  await expect(readByPaths(networks, call, [network(1)])).rejects.toMatchObject({ details: { code: "throttled" } });
});

it("asks nothing about what is no path of the collection", async () => {
  const { call, asked } = callTo(() => row("x"));
  const { unseen } = await readByPaths(addresses, call, ["my-address", network(1)]);
  expect([...unseen.keys()]).toEqual(["my-address", network(1)]);
  expect(asked).toEqual([]);
});
