// How a security rule is written and read. ARM has a field for one value and another for several, and takes `*` only in the first; Koine has
// sets. Pure.
// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { known, needText, texts, whole } from "../../handlers/body.ts";
import { normaliseIds } from "../arm-id.ts";
import { type Json, mapsAt, numberAt, textAt, textsAt } from "../json.ts";
import { references } from "./schema-parts.ts";

/** Everything a rule says, in ARM's fields; those that it does not use are empty, so that nothing of an earlier shape is left. */
export function writeRule(body: NativeMap): Json {
  return {
    priority: whole(body, "priority") ?? 0,
    direction: needText(body, "direction"),
    access: needText(body, "access"),
    protocol: needText(body, "protocol"),
    sourcePortRange: "*",
    sourcePortRanges: [],
    ...writePeers(body, "source"),
    ...writePeers(body, "destination"),
    ...writeSeveral("destinationPortRange", "destinationPortRanges", texts(body, "destinationPortRanges")),
  };
}

/** Groups take the place of prefixes. */
function writePeers(body: NativeMap, side: "source" | "destination"): Json {
  const groups = texts(body, `${side}ApplicationSecurityGroups`);
  const prefixes = groups.length > 0 ? [] : texts(body, `${side}AddressPrefixes`);
  return {
    ...writeSeveral(`${side}AddressPrefix`, `${side}AddressPrefixes`, prefixes),
    ...(groups.length === 0 ? {} : { [`${side}ApplicationSecurityGroups`]: references(groups) }),
  };
}

function writeSeveral(one: string, several: string, values: readonly string[]): Json {
  const [first] = values;
  return values.length === 1 && first !== undefined ? { [one]: first, [several]: [] } : { [several]: [...values] };
}

/** What a rule says, in Koine's props. */
export function describeRule(rule: Json): NativeMap {
  return known({
    priority: numberAt(rule, "properties", "priority"),
    direction: textAt(rule, "properties", "direction"),
    access: textAt(rule, "properties", "access"),
    protocol: textAt(rule, "properties", "protocol"),
    ...readPeers(rule, "source"),
    ...readPeers(rule, "destination"),
    destinationPortRanges: readSeveral(rule, "destinationPortRange", "destinationPortRanges"),
  });
}

function readPeers(rule: Json, side: "source" | "destination"): NativeMap {
  const prefixes = readSeveral(rule, `${side}AddressPrefix`, `${side}AddressPrefixes`);
  const groups = mapsAt(rule, "properties", `${side}ApplicationSecurityGroups`).flatMap((each) => textAt(each, "id") ?? []);
  return {
    ...(prefixes.length === 0 ? {} : { [`${side}AddressPrefixes`]: prefixes }),
    ...(groups.length === 0 ? {} : { [`${side}ApplicationSecurityGroups`]: normaliseIds(groups) }),
  };
}

function readSeveral(rule: Json, one: string, several: string): readonly string[] {
  const single = textAt(rule, "properties", one);
  return [...new Set([...(single === undefined ? [] : [single]), ...textsAt(rule, "properties", several)])].sort();
}
