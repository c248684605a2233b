import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { type ProtoNode, pruneProtos } from "./prune-protos.ts";

const all = createRequire(import.meta.url)("@google-cloud/compute/build/protos/protos.json") as ProtoNode;
const typesOf = (root: ProtoNode): Readonly<Record<string, ProtoNode>> =>
  root.nested?.google?.nested?.cloud?.nested?.compute?.nested?.v1?.nested ?? {};

it("keeps what a service leads to, and nothing else", () => {
  const kept = typesOf(pruneProtos(all, ["Networks"]));
  expect(kept).toHaveProperty("InsertNetworkRequest");
  expect(kept).toHaveProperty("NetworkRoutingConfig");
  expect(kept).toHaveProperty("Operation");
  expect(kept).not.toHaveProperty("Instance");
  expect(Object.keys(kept).length).toBeLessThan(Object.keys(typesOf(all)).length / 10);
});

it("leaves the description as it was, and other packages in place", () => {
  const pruned = pruneProtos(all, ["Networks"]);
  expect(typesOf(all)).toHaveProperty("Instance");
  expect(pruned.nested?.google?.nested?.api).toBe(all.nested?.google?.nested?.api);
});
