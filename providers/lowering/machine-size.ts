// Which size a machine gets: the author's, the pinned one, or the cheapest of the cloud's catalog that fits. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { problem, unknownName, warning } from "./problems.ts";
import { regionOf } from "./read-props.ts";
import {
  type CatalogSize,
  type Choice,
  chooseSize,
  fits,
  formatMemory,
  largestShape,
  type Shape,
  type SizeCatalog,
  shapeKey,
} from "./sizes.ts";

export interface MachineSize<Size extends CatalogSize> {
  /** Empty with a diagnostic when there is none. */
  readonly name: string;
  /** What the catalog knows of it; absent for a pinned or written name that it does not have. */
  readonly size?: Size;
  readonly diagnostics: readonly Diagnostic[];
}

const mib = 1024 ** 2;

export function lowerMachineSize<Size extends CatalogSize>(
  resource: PortableResource,
  catalog: SizeCatalog<Size>,
  context: LoweringContext,
): MachineSize<Size> {
  const { cpu, memory, arch, burst } = resource.props;
  const shape: Shape = { cpu: Number(cpu ?? 1), memory: Number(memory ?? 0), arch: String(arch ?? "x86_64"), burst: burst === true };
  const named = resource.refinement[catalog.prop];
  if (typeof named === "string") return useNamed(named, shape, resource, catalog, context);

  const region = regionOf(context);
  const key = shapeKey(shape, region, catalog.variant);
  const pinned = context.pinned("size", key);
  if (pinned !== undefined) return { name: pinned, ...sizeOf(pinned, catalog), diagnostics: [] };
  const choice = chooseOnce(shape, key, region, catalog, context.graph);
  if (!choice) return { name: "", diagnostics: [reportNoFit(shape, resource, catalog, context)] };
  context.chose("size", key, choice.size.name, choice.because);
  return { name: choice.size.name, ...sizeOf(choice.size.name, catalog), diagnostics: [] };
}

function sizeOf<Size extends CatalogSize>(name: string, catalog: SizeCatalog<Size>): { readonly size?: Size } {
  const size = catalog.find(name);
  return size ? { size } : {};
}

const chosen = new WeakMap<ResourceGraph, Map<string, Choice | undefined>>();

/** Thousands of machines share a few shapes: the catalog is searched once for each. */
function chooseOnce<Size extends CatalogSize>(
  shape: Shape,
  key: string,
  region: string,
  catalog: SizeCatalog<Size>,
  graph: ResourceGraph,
): Choice | undefined {
  const known = chosen.get(graph) ?? new Map<string, Choice | undefined>();
  chosen.set(graph, known);
  const id = `${catalog.provider}/${key}`;
  if (!known.has(id)) known.set(id, chooseSize(shape, region, catalog));
  return known.get(id);
}

function useNamed<Size extends CatalogSize>(
  name: string,
  shape: Shape,
  resource: PortableResource,
  catalog: SizeCatalog<Size>,
  context: LoweringContext,
): MachineSize<Size> {
  const { prop, noun, provider } = catalog;
  const place = context.place(`on.${provider}.${prop}`);
  const size = catalog.find(name);
  if (!size) {
    const message = `${catalog.cloud} has no ${noun} \`${name}\` that Koine knows`;
    const otherwise = `leave \`${prop}\` out, and Koine picks one by \`cpu\` and \`memory\``;
    return { name, diagnostics: [unknownName("K3024", place, message, { name, known: catalog.similar(name), otherwise })] };
  }
  const diagnostics: Diagnostic[] = [];
  if (size.arch !== shape.arch) {
    diagnostics.push(
      problem("K3025", place, `\`${name}\` has the architecture ${size.arch}, \`${resource.address}\` has ${shape.arch}`, {
        hint: `write arch = "${size.arch}", or name a type with ${shape.arch}`,
        ...(resource.places.arch ? { related: [{ span: resource.places.arch, message: `arch is ${shape.arch} here` }] } : {}),
      }),
    );
  }
  const region = regionOf(context);
  if (catalog.isOffered(size, region) === false) {
    diagnostics.push(
      problem("K3026", place, `\`${name}\` is not offered in ${region}`, { hint: `name another type, or leave \`${prop}\` out` }),
    );
  }
  if (!fits(size, shape)) {
    const has = `${size.cpu} cpu and ${formatMemory(size.memoryMib * mib)}`;
    diagnostics.push(
      warning("K3027", place, `\`${name}\` has ${has}, less than \`${resource.address}\` asks for`, {
        hint: "name a larger type, or ask for less: on other clouds `cpu` and `memory` count",
      }),
    );
  }
  return { name, size, diagnostics };
}

function reportNoFit<Size extends CatalogSize>(
  shape: Shape,
  resource: PortableResource,
  catalog: SizeCatalog<Size>,
  context: LoweringContext,
): Diagnostic {
  const region = regionOf(context);
  const largest = largestShape(shape, region, catalog);
  const asked = `${shape.cpu} cpu, ${formatMemory(shape.memory)} and ${shape.arch}${shape.burst ? "" : ", not burstable,"}`;
  const refinement = `\`on ${catalog.provider} { ${catalog.prop} = … }\``;
  return problem(
    "K3028",
    context.place(largest && shape.cpu > largest.cpu ? "cpu" : "memory"),
    `no ${catalog.noun} of ${region} has ${asked} for \`${resource.address}\``,
    {
      hint: largest
        ? `the largest have ${largest.cpu} cpu and ${largest.memory}; others can be named with ${refinement}`
        : `name a type with ${refinement}`,
    },
  );
}
