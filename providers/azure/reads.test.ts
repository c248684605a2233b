import { expect, it } from "vitest";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import { handlers } from "./objects/handlers.ts";
import type { Arm, ArmRequest } from "./operations.ts";
import { type ArmCall, readList } from "./reads.ts";

const idIn = (group: string, n: number): string =>
  `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/net-${n}`;
const network = (id: string) => ({
  id: id.toUpperCase(),
  name: "net",
  location: "westeurope",
  properties: { provisioningState: "Succeeded" },
});

/** Answers lists by group; a code refuses. */
function armOf(groups: Readonly<Record<string, readonly string[] | ErrorCode>>): { readonly call: ArmCall; readonly asked: string[] } {
  const asked: string[] = [];
  const answer = (group: string) => {
    const rows = groups[group] ?? "not_found";
    if (typeof rows === "string") throw new ProviderError(`${group}: ${rows}`, { code: rows, effect: "none" });
    return { status: 200, body: { value: rows.map(network) }, headers: {} };
  };
  const client: Arm = {
    subscription: "s",
    region: "westeurope",
    async send(operation, { at = [] }: ArmRequest) {
      asked.push([operation, ...at].join(" "));
      if (operation !== "virtualNetworks.listAll") return answer(at[0] ?? "");
      return {
        status: 200,
        body: { value: Object.values(groups).flatMap((rows) => (typeof rows === "string" ? [] : rows.map(network))) },
        headers: {},
      };
    },
    follow: () => Promise.reject(new Error("nothing is followed")),
    close: () => undefined,
  };
  return { call: { client, identity: { account: "s", region: "westeurope" }, signal: AbortSignal.timeout(1_000) }, asked };
}

const type = "azure.network.VirtualNetwork";
const oid = (id: string) => ({ type, account: "s", region: "westeurope", id });
const observe = (call: ArmCall, ids: readonly string[]) => handlers[type]?.observe(call, ids.map(oid), "list");

it("many ids are read by the lists of their groups; a group that may not be read hides what is in it, one that is gone has nothing", async () => {
  const here = [0, 1, 2].map((n) => idIn("here", n));
  const locked = [3, 4].map((n) => idIn("locked", n));
  const gone = [5, 6].map((n) => idIn("gone", n));
  const { call, asked } = armOf({ here: here.slice(0, 2), locked: "denied" });
  const seen = await observe(call, [...here, ...locked, ...gone]);
  // What the list of a group that is there does not show is asked for by itself.
  expect(asked.toSorted()).toEqual([
    "virtualNetworks.get here net-2",
    "virtualNetworks.list gone",
    "virtualNetworks.list here",
    "virtualNetworks.list locked",
  ]);
  expect(seen?.found.map((each) => each.id.id)).toEqual(here.slice(0, 2));
  expect(seen?.absent.map((each) => each.id)).toEqual([here[2], ...gone]);
  expect(seen?.unknown.map(({ id, reason }) => [id.id, reason])).toEqual(locked.map((id) => [id, "locked: denied"]));
});

it("many groups are read by the list of the subscription", async () => {
  const ids = Array.from({ length: 30 }, (_, n) => idIn(`group-${n}`, n));
  const { call, asked } = armOf(Object.fromEntries(ids.slice(0, 29).map((id, n) => [`group-${n}`, [id]])));
  const seen = await observe(call, ids);
  expect(asked).toEqual(["virtualNetworks.listAll", "virtualNetworks.get group-29 net-29"]);
  expect(seen?.found).toHaveLength(29);
  expect(seen?.absent.map((each) => each.id)).toEqual(ids.slice(29));
});

it("what may pass is not taken for an answer", async () => {
  const { call } = armOf({ here: "throttled" });
  await expect(
    observe(
      call,
      [0, 1, 2, 3, 4].map((n) => idIn("here", n)),
    ),
  ).rejects.toMatchObject({ details: { code: "throttled" } });
});

it("a page may be empty and have a successor, and one that comes twice is an error", async () => {
  const links: Record<string, string | undefined> = { first: "/second", "/second": "/third", "/third": undefined };
  const answer = (at: string) => ({
    status: 200,
    headers: {},
    body: { value: at === "/third" ? [{ id: "a" }] : [], ...(links[at] === undefined ? {} : { nextLink: links[at] ?? "" }) },
  });
  const { call } = armOf({});
  const client = { ...call.client, send: async () => answer("first"), follow: async (_name: string, at: string) => answer(at) };
  expect(await readList({ ...call, client }, "disks.list")).toEqual([{ id: "a" }]);
  links["/third"] = "/second";
  await expect(readList({ ...call, client }, "disks.list")).rejects.toThrow("twice");
});
