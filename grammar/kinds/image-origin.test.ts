import { describe, expect, test } from "vitest";
import { compileText, errorCodes } from "../../test/laws/compile-support.ts";
import type { ResourceGraph } from "../graph/resource-graph.ts";
import { originOfImage, sourceOfSnapshot } from "./image-origin.ts";

const place = `stack demo
cloud aws { region = "eu-west-1" }
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
machine base {
  cpu = 2, memory = 4GiB, image = "debian-12", subnet = app, arch = "arm64"
  disk root { size = 20GiB }
  disk data { size = 100GiB }
}
snapshot root { disk = base.disk.root }
snapshot data { disk = base.disk.data }
`;

function graphOf(text: string): ResourceGraph {
  const { graph, diagnostics } = compileText(place + text);
  if (!graph) throw new Error(JSON.stringify(diagnostics));
  return graph;
}

function origin(graph: ResourceGraph, address: string) {
  const image = graph.resources.get(address);
  const found = image && originOfImage(graph, image);
  return found && { machine: found.machine.address, arch: found.arch, written: found.written };
}

describe("where images come from", () => {
  test("the root disk of a machine, directly and through a disk made from its snapshot", () => {
    const graph = graphOf(`image a { from = root }
disk copy { size = 20GiB, snapshot = root }
snapshot again { disk = copy }
image b { from = again }
`);
    const base = { machine: "machine.base", arch: "arm64", written: "debian-12" };
    expect(origin(graph, "image.a")).toEqual(base);
    expect(origin(graph, "image.b")).toEqual(base);
  });

  test("a machine that booted from an image: the alias is that of the first", () => {
    const graph = graphOf(`image a { from = root }
machine next {
  cpu = 2, memory = 4GiB, image = a, subnet = app, arch = "arm64"
  disk root { }
}
snapshot s { disk = next.disk.root }
image b { from = s }
`);
    expect(origin(graph, "image.b")).toEqual({ machine: "machine.next", arch: "arm64", written: "debian-12" });
  });

  test("nothing is known of a disk that no machine booted from", () => {
    const graph = graphOf("disk plain { size = 20GiB }\nsnapshot s { disk = plain }\nimage a { from = s }\nimage b { from = data }\n");
    expect(origin(graph, "image.a")).toBeUndefined();
    expect(origin(graph, "image.b")).toBeUndefined();
  });

  test("a circle ends", () => {
    const graph = graphOf(`disk d { size = 20GiB, snapshot = s }
snapshot s { disk = d }
image a { from = s }
`);
    expect(origin(graph, "image.a")).toBeUndefined();
  });

  test("the source of a snapshot, with what is written of it", () => {
    const graph = graphOf("");
    const of = (address: string) => {
      const snapshot = graph.resources.get(address);
      return snapshot && sourceOfSnapshot(graph, snapshot);
    };
    expect(of("snapshot.data")).toMatchObject({ kind: "block", label: "data", props: { size: 100 * 1024 ** 3 } });
  });
});

describe("what is refused, and what is only said", () => {
  test.each([
    ["a snapshot of a machine", "snapshot s { disk = base }\n", ["K1301"]],
    ["a snapshot of all disks of a machine", "snapshot s { disk = base.disk }\n", ["K1301"]],
    ["a snapshot of a disk that the machine does not name", "snapshot s { disk = base.disk.extra }\n", ["K1403"]],
    ["an image of a disk", "disk d { size = 1GiB }\nimage i { from = d }\n", ["K1301"]],
    ["a disk from an image", "image i { from = root }\ndisk d { size = 100GiB, snapshot = i }\n", ["K1301"]],
    ["a machine from a snapshot", "machine m { cpu = 2, memory = 4GiB, subnet = app, image = root }\n", ["K1301"]],
    [
      "a machine of another architecture",
      "image i { from = root }\nmachine m { cpu = 2, memory = 4GiB, subnet = app, image = i }\n",
      ["K2413"],
    ],
    ["a smaller disk", "disk d { size = 50GiB, snapshot = data }\n", []],
  ] as const)("%s", (_, text, codes) => {
    expect(errorCodes(compileText(place + text))).toEqual(codes);
  });

  test("a disk or a root smaller than what its snapshot is of is a warning: the source may have grown since", () => {
    const small = compileText(`${place}disk d { size = 50GiB, snapshot = data }
image i { from = root }
machine m {
  cpu = 2, memory = 4GiB, subnet = app, image = i, arch = "arm64"
  disk root { size = 10GiB }
}
`);
    expect(small.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["warning K2502", "warning K2502"]);
  });
});
