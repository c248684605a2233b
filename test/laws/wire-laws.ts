// The storm over the wire, on each embedded cloud, as laws that can be run by the thousand.

import { type CloudName, cloudNames } from "../support/clouds.ts";
import { defineLaw, type Law } from "./law.ts";
import { anyWireStorm, playWireStorm } from "./wire-storm.ts";

function lawOn(cloud: CloudName): Law {
  return defineLaw({ name: `wire-${cloud}`, arbitrary: anyWireStorm, play: (storm) => playWireStorm(cloud, storm) });
}

export const wireLaws: readonly Law[] = cloudNames.map(lawOn);
