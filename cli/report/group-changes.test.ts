// What is said of a resource as a whole: its action by the heaviest of its objects, and the reason in the words of its author.

import { describe, expect, test } from "vitest";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { makeChangeView as change } from "../../test/support/change-views.ts";
import { object } from "../../test/support/planning.ts";
import { groupChanges } from "./group-changes.ts";
import type { ChangeView, PropView } from "./plan-view.ts";

const prop = (name: string, more: Partial<PropView> = {}): PropView => ({ prop: name, cause: "author", ...more });

/** Only what is read of the graphs. */
const graphOf = (resources: Readonly<Record<string, unknown>>): ResourceGraph =>
  ({
    resources: new Map(
      Object.entries(resources).map(([address, more]) => [
        address,
        { address, kind: "machine", cloud: "here", props: {}, blocks: {}, rules: [], ...(more as object) },
      ]),
    ),
  }) as unknown as ResourceGraph;
const nativeOf = (...objects: readonly ReturnType<typeof object>[]): NativeGraph =>
  ({ objects: new Map(objects.map((one) => [one.key, one])) }) as unknown as NativeGraph;

const shown = (changes: readonly ChangeView[], graph?: ResourceGraph, native?: NativeGraph, destroy = false) =>
  groupChanges({ plan: { changes, destroy }, ...(graph ? { graph } : {}), ...(native ? { native } : {}) }).map(
    ({ address, action, about }) => ({ address, action, about }),
  );

describe("the action of a resource", () => {
  test("a part that is new or goes makes it an update", () => {
    const graph = graphOf({ "machine.web": {} });
    const native = nativeOf(object("machine.web:instance", "T", {}), object("machine.web:disk", "T", {}));
    expect(shown([change("machine.web:disk", "create")], graph, native)).toMatchObject([{ action: "update" }]);
    expect(shown([change("machine.web:disk", "delete")], graph, native)).toMatchObject([{ action: "update" }]);
    expect(shown([change("machine.web:disk", "create"), change("machine.web:instance", "create")], graph, native)).toMatchObject([
      { action: "create" },
    ]);
  });

  test("a resource that the source has no more is destroyed, and so is all with --destroy", () => {
    const graph = graphOf({ "machine.web": {} });
    expect(shown([change("machine.old:disk", "delete")], graph)).toMatchObject([{ action: "delete" }]);
    expect(shown([change("machine.web:disk", "delete")], graph, undefined, true)).toMatchObject([{ action: "delete" }]);
  });

  test("made on one cloud and ended on another: a move, which is a replacement", () => {
    const changes = [change("machine.web:vm", "create"), change("machine.web:instance", "delete", { cloud: "there" })];
    expect(shown(changes, graphOf({ "machine.web": {} }))).toEqual([
      { address: "machine.web", action: "replace", about: "moves from there to here: made there, then ended here" },
    ]);
  });
});

describe("the reason", () => {
  const forced = [change("machine.web:instance", "replace", { props: [prop("ImageId", { forces: "immutable" })] })];

  test("names the prop as its author wrote it", () => {
    const graph = graphOf({ "machine.web": { props: { image: "ubuntu-24.04" } } });
    const native = nativeOf(object("machine.web:instance", "T", { ImageId: "ami-1" }, { from: { ImageId: "image" } }));
    expect(shown(forced, graph, native)).toMatchObject([{ about: "image → ubuntu-24.04 forces replacement" }]);
  });

  test("names the native prop where the sources are not at hand", () => {
    expect(shown(forced)).toMatchObject([{ about: "ImageId forces replacement" }]);
  });

  test("only may, where the value is not known yet", () => {
    const waits = [
      change("machine.web:instance", "replace", { props: [prop("ImageId", { forces: "immutable", waitsFor: ["disk.a.id"] })] }),
    ];
    expect(shown(waits)).toMatchObject([{ about: "ImageId may force replacement" }]);
  });

  test("drift alone is said, beside an edit it is not", () => {
    const drift = prop("Size", { cause: "drift" });
    expect(shown([change("machine.web:instance", "update", { props: [drift] })])).toMatchObject([
      { about: "drifted from what was applied" },
    ]);
    expect(shown([change("machine.web:instance", "update", { props: [drift, prop("Tags")] })])).toMatchObject([{ about: "" }]);
  });
});
