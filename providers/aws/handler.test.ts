import { expect, it } from "vitest";
import { type ErrorCode, ProviderError } from "../../engine/provider/errors.ts";
import type { ObjectId } from "../../engine/provider/provider.ts";
import { handlers } from "./objects/handlers.ts";
import { keyPair } from "./objects/key-pair.ts";
import { vpc } from "./objects/vpc.ts";
import type { Ec2 } from "./operations.ts";

const identity = { account: "123456789012", region: "eu-west-1" };
const idOf = (id: string): ObjectId => ({ type: "aws.ec2.Vpc", ...identity, id });

function callTo(send: (operation: string, input: never) => Promise<unknown>) {
  return { client: { region: "eu-west-1", send } as unknown as Ec2, identity, signal: AbortSignal.timeout(5_000) };
}

const refuse = (code: ErrorCode, effect: "none" | "unknown") => callTo(() => Promise.reject(new ProviderError("no", { code, effect })));

it("does not take a refusal for absence", async () => {
  const ids = [idOf("vpc-1"), idOf("vpc-2")];
  const seen = await vpc.observe(refuse("denied", "none"), ids, "list");
  expect(seen).toMatchObject({ found: [], absent: [] });
  expect(seen.unknown.map((each) => each.id)).toEqual(ids);
});

it.each(["throttled", "unavailable", "timeout"] as const)("leaves %s to the engine, which asks again", async (code) => {
  await expect(vpc.observe(refuse(code, "unknown"), [idOf("vpc-1")], "list")).rejects.toMatchObject({ details: { code } });
});

it("answers every id once, over as many calls as 200 a call take", async () => {
  let calls = 0;
  const call = callTo(async (_operation, input: { Filters: { Values: string[] }[] }) => {
    calls++;
    const odd = (input.Filters[0]?.Values ?? []).filter((id) => Number(id.slice(4)) % 2 === 1);
    return { Vpcs: odd.map((VpcId) => ({ VpcId, CidrBlock: "10.0.0.0/16", State: "available" })) };
  });
  const ids = Array.from({ length: 450 }, (_, n) => idOf(`vpc-${n}`));
  const seen = await vpc.observe(call, ids, "list");
  expect(calls).toBe(3);
  expect(seen.found).toHaveLength(225);
  expect(seen.absent).toHaveLength(225);
  expect(seen.unknown).toEqual([]);
});

it("throws our own defects as such, not as the cloud's", async () => {
  const call = callTo(() => Promise.reject(new TypeError("a defect")));
  await expect(vpc.observe(call, [idOf("vpc-1")], "list")).rejects.toBeInstanceOf(TypeError);
});

it("knows each type by its own name, and every id by a prop or an attribute that others can refer to", () => {
  for (const [type, handler] of Object.entries(handlers)) {
    expect(handler.schema.type).toBe(type);
    for (const group of handler.schema.exclusive ?? []) for (const name of group) expect(handler.schema.props).toHaveProperty(name);
    for (const name of handler.schema.naturalKey ?? []) expect(handler.schema.props).toHaveProperty(name);
    for (const attribute of Object.values(handler.schema.attributes)) {
      for (const name of attribute.changesWith ?? []) expect(handler.schema.props).toHaveProperty(name);
    }
    if (handler.schema.nameBound !== undefined) expect(handler.schema.props).toHaveProperty(handler.schema.nameBound);
    expect(handler.schema.marks === "none").toBe(handler.schema.props.Tags === undefined);
  }
});

it("derives no step for nothing, and only deletes when deleting", () => {
  for (const handler of Object.values(handlers)) {
    const nothing = { desired: {}, observed: {}, attributes: {}, changed: [], id: { type: "", ...identity, id: "x|y" }, generation: 1 };
    expect(handler.steps({ ...nothing, action: "update" })).toEqual([]);
    const ending = handler.steps({ ...nothing, action: "delete" });
    expect(ending.map((step) => step.deletes)).toEqual([true]);
  }
});

it("does not mind the comment of a public key", () => {
  const normalise = keyPair.schema.props.PublicKeyMaterial?.normalise;
  expect(normalise?.("ssh-ed25519 AAAA somebody@somewhere\n")).toBe(normalise?.("ssh-ed25519 AAAA shop-admin"));
  expect(normalise?.("ssh-ed25519 AAAA")).not.toBe(normalise?.("ssh-ed25519 AAAB"));
});
