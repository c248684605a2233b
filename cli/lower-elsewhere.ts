// The same resources on another cloud than the source says, to compare what they cost: placed in the region nearest to theirs, lowered by that cloud's
// rules. Nothing of it is ever planned. Pure but for loading the providers.

import { emptyLock, lockReader } from "../engine/lock/lock.ts";
import { lowerGraph } from "../engine/lower/lower.ts";
import type { NativeGraph } from "../engine/lower/native-graph.ts";
import { compareCodePoints } from "../grammar/graph/code-point-order.ts";
import type { Cloud, PortableResource, ResourceGraph } from "../grammar/graph/resource-graph.ts";
import type { PropMap } from "../grammar/graph/value.ts";
import type { ProviderDescription } from "../grammar/kinds/provider-description.ts";
import { loadProviders, type Providers, providerNames } from "./load-providers.ts";

export interface Elsewhere {
  /** The provider that the resources are moved to. */
  readonly provider: string;
  /** Where they come to stand, in code-point order. */
  readonly regions: readonly string[];
  /** Resources whose settings for their own cloud (`on aws { … }`) do not count there. */
  readonly refined: readonly string[];
  readonly lowered: { readonly native: NativeGraph } | { readonly problem: string };
}

/** One for each provider that not all of the stack stands on; `on`: only what stands on this cloud is moved. */
export async function lowerElsewhere(graph: ResourceGraph, on: string | undefined): Promise<readonly Elsewhere[]> {
  const providers = await loadProviders(providerNames);
  const resources = [...graph.resources.values()].filter(({ cloud }) => on === undefined || cloud === on);
  const names = new Set(resources.map(({ cloud }) => cloud));
  return providerNames
    .filter((name) => resources.some((resource) => resource.provider !== name))
    .flatMap((name) => {
      const target = providers.get(name)?.description;
      return target ? [moveAll({ graph, resources, names }, target, providers)] : [];
    });
}

interface Moving {
  readonly graph: ResourceGraph;
  /** What is moved, and the clouds that it stands on. */
  readonly resources: readonly PortableResource[];
  readonly names: ReadonlySet<string>;
}

function moveAll({ graph, resources, names }: Moving, target: ProviderDescription, providers: Providers): Elsewhere {
  const moved = [...names].map((name) => [name, moveCloud(graph.clouds.get(name), target, providers)] as const);
  const clouds = new Map(moved.flatMap(([name, cloud]) => (cloud ? [[name, cloud] as const] : [])));
  const regions = [
    ...new Set([...clouds.values()].flatMap(({ settings }) => (typeof settings.region === "string" ? [settings.region] : []))),
  ];
  const refined = resources
    .filter((resource) => resource.provider !== target.name && Object.keys(resource.refinement).length > 0)
    .map(({ address }) => address);
  const head = { provider: target.name, regions: regions.sort(compareCodePoints), refined };
  const lost = moved.find(([, cloud]) => !cloud)?.[0];
  if (lost !== undefined) return { ...head, lowered: { problem: `no region of ${target.title} is known to be near that of \`${lost}\`` } };
  const refusal = resources.map((resource) => findRefusal(resource, target)).find((each) => each !== undefined);
  if (refusal !== undefined) return { ...head, lowered: { problem: refusal } };
  const there = new Map(
    [...graph.resources].map(([address, one]) => [address, names.has(one.cloud) ? moveResource(one, target.name) : one]),
  );
  const all = { ...graph, clouds: new Map([...graph.clouds, ...clouds]), resources: there };
  const { native, diagnostics } = lowerGraph(all, providers, lockReader(emptyLock));
  const error = diagnostics.find(({ severity }) => severity === "error");
  return { ...head, lowered: native ? { native } : { problem: error?.message ?? "it does not lower" } };
}

function moveResource(resource: PortableResource, provider: string): PortableResource {
  return resource.provider === provider ? resource : { ...resource, provider, refinement: {} };
}

/** Settings that only tell whose account it is do not change what is lowered in a way that costs. */
function moveCloud(cloud: Cloud | undefined, target: ProviderDescription, providers: Providers): Cloud | undefined {
  if (!cloud || cloud.provider === target.name) return cloud;
  const source = providers.get(cloud.provider)?.description;
  const { region: from } = cloud.settings;
  const region = source && typeof from === "string" ? findNear(from, source, target) : undefined;
  if (region === undefined) return undefined;
  const required = Object.entries(target.config.props).filter(([, prop]) => prop.required);
  const settings: PropMap = { ...Object.fromEntries(required.map(([name]) => [name, "not-said"])), region };
  return { ...cloud, provider: target.name, settings };
}

/** Most of the cities that lie nearest to the one region lie nearest to the other; of equals the first by name. */
function findNear(region: string, from: ProviderDescription, to: ProviderDescription): string | undefined {
  const votes = new Map<string, number>();
  for (const city of from.cities) {
    if (from.nearest(city) !== region) continue;
    const near = to.nearest(city);
    if (near !== undefined) votes.set(near, (votes.get(near) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([a, some], [b, others]) => others - some || compareCodePoints(a, b));
  return best?.[0];
}

/** What the compiler would say of what is written, had the source placed it there. */
function findRefusal({ address, kind, places }: PortableResource, { support, title }: ProviderDescription): string | undefined {
  const written = Object.keys(places);
  for (const [path, judged] of Object.entries(Object.hasOwn(support, kind) ? (support[kind] ?? {}) : {})) {
    if (judged.kind !== "refused") continue;
    const [word = "", inner] = path.split(".");
    const uses =
      path === "*" ||
      written.some((place) => {
        const [first, , last] = place.split(".");
        return first === word && last === inner;
      });
    if (uses) return `${title} refuses ${path === "*" ? `the kind \`${kind}\`` : `\`${path}\` of \`${address}\``}: ${judged.reason}`;
  }
  return undefined;
}
