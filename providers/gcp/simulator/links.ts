// How objects are named: paths, self links, and the forms in which a request may refer to an object.
// https://cloud.google.com/compute/docs/naming-resources, https://cloud.google.com/apis/design/resource_names

import { refuseValue } from "./errors.ts";

const ORIGIN = "https://www.googleapis.com/compute/v1/";

/** The URL by which GCE names an object, whatever host it was asked at. */
export function writeLink(path: string): string {
  return `${ORIGIN}${path}`;
}

/** The path of a link, without host and version. */
export function readPath(link: string): string {
  return link.startsWith("projects/") ? link : link.replace(/^https?:\/\/[^/]+\/(?:compute\/[^/]+\/)?/, "");
}

/** The last segment. */
export function readName(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1);
}

export interface Place {
  readonly project: string;
  /** `global`, `regions/R` or `zones/Z`. */
  readonly scope: string;
}

/** `projects/P`, the scope, the collection and the name. */
export function writePath({ project, scope }: Place, collection: string, name: string): string {
  return `projects/${project}/${scope}/${collection}/${name}`;
}

/** The zone's region: `europe-west1-b` is in `europe-west1`. */
export function regionOf(scope: string): string {
  const name = readName(scope);
  return scope.startsWith("zones/") ? name.slice(0, name.lastIndexOf("-")) : name;
}

/**
 * The path that a field refers to: a full URL, `projects/…`, or without the project (`global/networks/n`, `zones/z/disks/d`).
 * Throws `invalid` for another form, or another collection.
 */
export function readReference(field: string, value: string, place: Place, collection: string): string {
  const path = /^https?:\/\//.test(value) ? readPath(value) : value.replace(/^\//, "");
  const full = path.startsWith("projects/") ? path : `projects/${place.project}/${path}`;
  const match = /^projects\/([^/]+)\/(global|(?:regions|zones)\/[^/]+)\/([A-Za-z]+)\/(?:family\/)?([^/]+)$/.exec(full);
  if (match?.[3] !== collection) {
    refuseValue(field, value, `The URL is malformed, or does not name one of ${collection}.`);
  }
  return full;
}

export function placeOf(path: string): Place {
  const [, project = "", sort = "", name = ""] = path.split("/");
  return { project, scope: sort === "global" ? "global" : `${sort}/${name}` };
}
