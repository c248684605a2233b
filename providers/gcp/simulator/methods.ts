// All methods of the embedded GCE, and the way from a request's line to one of them.

import { addressMethods } from "./addresses.ts";
import { diskMethods } from "./disks.ts";
import { firewallMethods } from "./firewalls.ts";
import { imageMethods } from "./images.ts";
import { instanceChangeMethods } from "./instance-changes.ts";
import { instanceMethods } from "./instances.ts";
import type { Method } from "./method.ts";
import { networkMethods, routeMethods } from "./networks.ts";
import { operationMethods } from "./operations.ts";
import { placeMethods } from "./places.ts";
import { routerMethods } from "./routers.ts";
import { snapshotMethods } from "./snapshots.ts";
import { subnetworkMethods } from "./subnetworks.ts";

export const METHODS: readonly Method[] = [
  ...placeMethods,
  ...networkMethods,
  ...routeMethods,
  ...subnetworkMethods,
  ...firewallMethods,
  ...routerMethods,
  ...addressMethods,
  ...diskMethods,
  ...snapshotMethods,
  ...imageMethods,
  ...instanceMethods,
  ...instanceChangeMethods,
  ...operationMethods,
];

const byId = new Map(METHODS.map((method) => [method.id, method]));

export function findMethod(id: string): Method | undefined {
  return byId.get(id);
}

export interface Matched {
  readonly method: Method;
  readonly project: string;
  readonly scope: string;
  readonly route: Readonly<Record<string, string>>;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: { readonly name: string; readonly node: Node };
  readonly methods: Map<string, Method>;
}

const createNode = (): Node => ({ literals: new Map(), methods: new Map() });

/** Routes as a tree of segments; a literal goes before a parameter. */
function growTree(): Node {
  const root = createNode();
  for (const method of METHODS) {
    let node = root;
    for (const segment of method.path.split("/").filter((part) => part !== "")) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        const next = node.literals.get(segment) ?? createNode();
        node.literals.set(segment, next);
        node = next;
      } else {
        node.parameter ??= { name, node: createNode() };
        // Two routes may name one place differently: `{disk}` and `{resource}`. Both names are set.
        node = node.parameter.node;
      }
    }
    node.methods.set(method.http, method);
  }
  return root;
}

let tree: Node | undefined;

/** The method of a path below `/compute/v1/projects/`; undefined where there is none. */
export function matchRoute(http: string, path: string): Matched | undefined {
  tree ??= growTree();
  const [project = "", ...segments] = path.split("/").map(decodeURIComponent);
  const values: string[] = [];
  let node = tree;
  for (const segment of segments) {
    const literal = node.literals.get(segment);
    if (literal !== undefined) {
      node = literal;
      continue;
    }
    if (node.parameter === undefined || segment === "") return undefined;
    values.push(segment);
    node = node.parameter.node;
  }
  const method = node.methods.get(http);
  if (method === undefined || project === "") return undefined;
  const names = [...method.path.matchAll(/\{(.+?)\}/g)].map((match) => match[1] ?? "");
  const route = Object.fromEntries(names.map((name, n) => [name, values[n] ?? ""]));
  return { method, project, scope: scopeOf(method.path, route), route };
}

function scopeOf(path: string, route: Readonly<Record<string, string>>): string {
  if (path.startsWith("global/")) return "global";
  if (path.startsWith("zones/{zone}")) return `zones/${route.zone}`;
  return path.startsWith("regions/{region}") ? `regions/${route.region}` : "";
}
