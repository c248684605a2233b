// Zones are letters. How many a region has is the provider's to say.

import type { KindCheck } from "../kind.ts";
import { knownText, makeError, placeOf } from "./reading.ts";

export const checkZone: KindCheck = (resource) => {
  const zone = knownText(resource.props.zone);
  if (zone === undefined || /^[a-z]$/.test(zone)) return [];
  return [makeError("K2104", placeOf(resource, "zone"), `\`${zone}\` is no zone`, { hint: hintLetter(zone) })];
};

/** Clouds name zones `eu-west-1a`, `europe-west1-b` or `1`: the last character says which is meant. */
function hintLetter(zone: string): string {
  const last = zone.slice(-1).toLowerCase();
  const letter = /^[1-9]$/.test(zone) ? String.fromCharCode(96 + Number(zone)) : last;
  const example = /^[a-z]$/.test(letter) ? letter : "a";
  return `zones are letters on every cloud, "a" being the first of the region: write "${example}"`;
}
