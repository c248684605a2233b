// How Compute Engine names its objects: a link with a host in front, or the path alone. Normal form is the path. Pure.
// https://cloud.google.com/compute/docs/reference/rest/v1 (selfLink)

export interface Location {
  readonly project: string;
  /** One of the two, or neither for a global object. */
  readonly zone?: string;
  readonly region?: string;
  readonly collection: string;
  readonly name: string;
}

/** A link without its host and version: `projects/p/zones/z/instances/i`. A path stays as it is. */
export function pathOf(link: string): string {
  return link.replace(/^https?:\/\/[^/]+\/(?:compute\/)?(?:v1|beta|alpha)\//, "");
}

/** The link that requests name an object by. */
export function linkOf(path: string): string {
  return /^https?:/.test(path) ? path : `https://www.googleapis.com/compute/v1/${path.replace(/^\//, "")}`;
}

/** The last part of a link or path. */
export function nameOf(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1);
}

/** Where a path leads; undefined for one that names no object of a project. */
export function locate(path: string): Location | undefined {
  const match = /^projects\/([^/]+)\/(?:global|(zones|regions)\/([^/]+))\/([^/]+)\/([^/]+)$/.exec(path);
  if (match === null) return undefined;
  const [, project = "", sort, place = "", collection = "", name = ""] = match;
  return {
    project,
    collection,
    name,
    ...(sort === "zones" ? { zone: place } : {}),
    ...(sort === "regions" ? { region: place } : {}),
  };
}

/** Where a path leads; one that leads nowhere is our own defect. */
export function needLocation(path: string): Location {
  const location = locate(path);
  if (location === undefined) throw new Error(`\`${path}\` is no path of an object of Compute Engine`);
  return location;
}

/** `europe-west1-b` is in `europe-west1`. */
export function regionOfZone(zone: string): string {
  return zone.slice(0, zone.lastIndexOf("-"));
}
