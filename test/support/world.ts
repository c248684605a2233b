// What is in a simulated world, as tests compare it: living things, without ids and times that differ between two equal histories.

import { type LoggedRequest, readRequests, readWorld, type WorldObject } from "../../providers/aws/simulator/inspect.ts";

export function livingObjects(world: readonly WorldObject[]): readonly WorldObject[] {
  return world.filter((object) => object.living);
}

/** Mutating requests that reached the cloud, in order; those of tests that reach in from outside are left out. */
export function mutatingRequests(directory: string): readonly LoggedRequest[] {
  return readRequests(directory).filter((request) => request.mutating && request.fault !== "out of band" && request.fault !== "foreign");
}

/** How many living objects there are of each type and address mark: two equal histories give equal tallies. */
export function tallyWorld(directory: string): Readonly<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const object of livingObjects(readWorld(directory))) {
    const name = `${object.type} ${object.tags["koine:address"] ?? object.tags.Name ?? ""} ${object.state ?? ""}`.trim();
    tally[name] = (tally[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(tally).sort(([a], [b]) => (a < b ? -1 : 1)));
}
