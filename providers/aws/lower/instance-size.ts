// Which instance type a machine gets: the author's, the pinned one, or the cheapest that fits. Pure.

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../../grammar/diagnostics/suggest.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { findInstanceType, type InstanceType, isOffered } from "../catalog/instance-types.ts";
import { type Choice, chooseType, formatMemory, largestShape, type Shape, shapeKey, similarTypes } from "../catalog/sizes.ts";
import { problem, warning } from "./lowering-problems.ts";
import { regionOf } from "./zones.ts";

export interface InstanceSize {
  /** Empty with a diagnostic when there is none. */
  readonly name: string;
  readonly diskInterface: InstanceType["diskInterface"];
  readonly diagnostics: readonly Diagnostic[];
}

const mib = 1024 ** 2;

export function lowerSize(resource: PortableResource, context: LoweringContext): InstanceSize {
  const { cpu, memory, arch, burst } = resource.props;
  const shape: Shape = { cpu: Number(cpu ?? 1), memory: Number(memory ?? 0), arch: String(arch ?? "x86_64"), burst: burst === true };
  const written = resource.refinement.instance_type;
  if (typeof written === "string") return useWritten(written, shape, resource, context);

  const region = regionOf(context);
  const key = shapeKey(shape, region);
  const pinned = context.pinned("size", key);
  if (pinned !== undefined) return { name: pinned, diskInterface: findInstanceType(pinned)?.diskInterface ?? "nvme", diagnostics: [] };
  const choice = choose(shape, key, region, context.graph);
  if (!choice) return { name: "", diskInterface: "nvme", diagnostics: [reportNoFit(shape, resource, region, context)] };
  context.chose("size", key, choice.type, choice.because);
  return { name: choice.type, diskInterface: findInstanceType(choice.type)?.diskInterface ?? "nvme", diagnostics: [] };
}

const chosen = new WeakMap<ResourceGraph, Map<string, Choice | undefined>>();

/** Thousands of machines share a few shapes: the catalog is searched once for each. */
function choose(shape: Shape, key: string, region: string, graph: ResourceGraph): Choice | undefined {
  const known = chosen.get(graph) ?? new Map<string, Choice | undefined>();
  chosen.set(graph, known);
  if (!known.has(key)) known.set(key, chooseType(shape, region));
  return known.get(key);
}

function useWritten(name: string, shape: Shape, resource: PortableResource, context: LoweringContext): InstanceSize {
  const place = context.place("on.aws.instance_type");
  const type = findInstanceType(name);
  if (!type) {
    const near = suggest(name, similarTypes(name));
    const unknown = problem("K3024", place, `EC2 has no instance type \`${name}\` that Koine knows`, {
      hint: near === undefined ? "leave `instance_type` out, and Koine picks one by `cpu` and `memory`" : `did you mean "${near}"?`,
      ...(near === undefined ? {} : { fix: { title: `write "${near}"`, span: place, replacement: `"${near}"` } }),
    });
    return { name, diskInterface: "nvme", diagnostics: [unknown] };
  }
  const diagnostics: Diagnostic[] = [];
  if (type.arch !== shape.arch) {
    diagnostics.push(
      problem("K3025", place, `\`${name}\` has the architecture ${type.arch}, \`${resource.address}\` has ${shape.arch}`, {
        hint: `write arch = "${type.arch}", or name a type with ${shape.arch}`,
        ...(resource.places.arch ? { related: [{ span: resource.places.arch, message: `arch is ${shape.arch} here` }] } : {}),
      }),
    );
  }
  const region = regionOf(context);
  if (isOffered(type, region) === false) {
    diagnostics.push(
      problem("K3026", place, `\`${name}\` is not offered in ${region}`, { hint: "name another type, or leave `instance_type` out" }),
    );
  }
  if (type.cpu < shape.cpu || type.memoryMib * mib < shape.memory) {
    const has = `${type.cpu} cpu and ${formatMemory(type.memoryMib * mib)}`;
    diagnostics.push(
      warning("K3027", place, `\`${name}\` has ${has}, less than \`${resource.address}\` asks for`, {
        hint: "name a larger type, or ask for less: on other clouds `cpu` and `memory` count",
      }),
    );
  }
  return { name, diskInterface: type.diskInterface, diagnostics };
}

function reportNoFit(shape: Shape, resource: PortableResource, region: string, context: LoweringContext): Diagnostic {
  const largest = largestShape(shape, region);
  const asked = `${shape.cpu} cpu, ${formatMemory(shape.memory)} and ${shape.arch}${shape.burst ? "" : ", not burstable,"}`;
  return problem(
    "K3028",
    context.place(largest && shape.cpu > largest.cpu ? "cpu" : "memory"),
    `no instance type of ${region} has ${asked} for \`${resource.address}\``,
    {
      hint: largest
        ? `the largest have ${largest.cpu} cpu and ${largest.memory}; others can be named with \`on aws { instance_type = … }\``
        : "name a type with `on aws { instance_type = … }`",
    },
  );
}
