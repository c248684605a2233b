// What the objects of a stack stand in on a cloud, apart from any one resource: made once for each place that the stack uses, when the first
// resource there is lowered. Knows no cloud; what they are is the provider's business.

import type { Cloud, PortableResource } from "../../grammar/graph/resource-graph.ts";
import type { PropMap } from "../../grammar/graph/value.ts";
import type { Lowered, Provider } from "../provider/provider.ts";
import { type LoweringRun, makeContext } from "./lowering-context.ts";
import type { NativeObject } from "./native-graph.ts";

/** By role. */
export type SurroundingObjects = ReadonlyMap<string, NativeObject>;

export interface Surround {
  readonly objects: SurroundingObjects;
  /** Says that something is made in them. Without it they are not: a resource may become no object there, or be `@existing`. */
  readonly use: () => void;
}

/** Gives the objects that those of a resource stand in; none on clouds without any. They are handed to `keep` when they are first used. */
export function createSurroundings(
  run: LoweringRun,
  providers: ReadonlyMap<string, Pick<Provider, "surroundings">>,
  keep: (owner: PortableResource, lowered: Lowered) => void,
): (resource: PortableResource) => Surround {
  const byCloud = new Map<string, Made | undefined>();
  const byAddress = new Map<string, Made>();

  const make = (resource: PortableResource): Made | undefined => {
    const surroundings = providers.get(resource.provider)?.surroundings;
    const cloud = run.graph.clouds.get(resource.cloud);
    if (!surroundings || !cloud) return undefined;
    const owner = nobody(resource.provider, surroundings.scope(cloud.settings), cloud);
    const known = byAddress.get(owner.address);
    if (known) return known;
    const lowered = surroundings.lower(owner, makeContext(run, owner, none));
    const made: Made = { owner, lowered, objects: new Map(lowered.objects.map((object) => [object.role, object])), kept: false };
    byAddress.set(owner.address, made);
    return made;
  };

  return (resource) => {
    if (!byCloud.has(resource.cloud)) byCloud.set(resource.cloud, make(resource));
    const made = byCloud.get(resource.cloud);
    if (!made) return nothing;
    const use = (): void => {
      if (made.kept) return;
      made.kept = true;
      keep(made.owner, made.lowered);
    };
    return { objects: made.objects, use };
  };
}

interface Made {
  readonly owner: PortableResource;
  readonly lowered: Lowered;
  readonly objects: SurroundingObjects;
  kept: boolean;
}

const none: SurroundingObjects = new Map();
const nothing: Surround = { objects: none, use: () => {} };
const noProps: PropMap = Object.freeze(Object.create(null) as PropMap);

/** The resource that nobody wrote. */
function nobody(provider: string, name: string, cloud: Cloud): PortableResource {
  return {
    address: `${provider}.${name}`,
    kind: provider,
    name,
    cloud: cloud.name,
    provider,
    props: noProps,
    blocks: {},
    rules: [],
    refinement: noProps,
    annotations: {},
    span: cloud.span,
    places: {},
    references: [],
  };
}
