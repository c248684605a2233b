// A firewall rule of a network. A change replaces the whole rule as it was read just before: the API's partial change cannot empty a list.
// https://cloud.google.com/compute/docs/reference/rest/v1/firewalls

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { NativeChange } from "../../../engine/provider/provider.ts";
import { flag, isMap, maps, needText, text, texts, whole } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { isPending, pick, wanted } from "../../handlers/steps.ts";
import { firewalls } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import { describeMarks } from "../marks.ts";
import type { Firewall } from "../operations.ts";
import { linkOf, needLocation, pathOf } from "../paths.ts";
import { acknowledge, acknowledgeNew, ownGlobal, requestIdOf } from "../request.ts";
import { createStep, deleteStep, step } from "../steps.ts";
import { describeMarked, orAbsent, orEmpty } from "./described.ts";
import { globallyNamed, globalPath, nameProp, pathProp, quick } from "./schema-parts.ts";

const ranges = ["sourceRanges", "sourceTags", "destinationRanges", "targetTags"] as const;
const protocols = ["allowed", "denied"] as const;
const changeable = ["priority", "disabled", ...protocols, ...ranges] as const;

const schema: NativeSchema = {
  type: "gcp.compute.Firewall",
  version: 1,
  ...globallyNamed,
  props: {
    name: nameProp,
    network: pathProp("Path of its network.", { required: true }),
    direction: { type: "string", default: "INGRESS", immutable: true, doc: "`INGRESS` or `EGRESS`." },
    priority: { type: "int", default: 1_000, doc: "0 to 65535; the lowest number decides." },
    allowed: { type: "set", default: [], normalise: normaliseProtocols, doc: "`{ IPProtocol, ports? }`; this or `denied`." },
    denied: { type: "set", default: [], normalise: normaliseProtocols, doc: "`{ IPProtocol, ports? }`; this or `allowed`." },
    sourceRanges: { type: "set", default: [], doc: "Of a rule inwards. Neither ranges nor tags: any source." },
    sourceTags: { type: "set", default: [], doc: "Network tags of those that may come in." },
    destinationRanges: { type: "set", default: [], doc: "Of a rule outwards." },
    targetTags: { type: "set", default: [], doc: "Network tags of the machines that it is for; none: all of the network." },
    disabled: { type: "bool", default: false },
  },
  timeouts: quick,
};

export const firewall = defineHandler<Firewall>({
  schema,
  collection: firewalls,
  marksIn: ["description"],
  naturalPath: globalPath("firewalls"),

  steps(change) {
    if (change.action === "delete") return [deleteStep("firewalls.delete")];
    if (change.id === undefined) return [createStep("firewalls.insert", pick(change.desired, Object.keys(schema.props)), "token")];
    const mark = change.marks === true ? [step("mark", "firewalls.update", {}, "idempotent", { marks: true })] : [];
    const names = changeable.filter((name) => isPending(schema, change, name));
    return names.length === 0
      ? mark
      : [...mark, step("update", "firewalls.update", wantedProps(change, names), "idempotent", { sets: names })];
  },

  requests: {
    async "firewalls.insert"(call, body) {
      const firewallResource: Firewall = {
        name: needText(body, "name"),
        description: describeMarks(call.marks),
        network: linkOf(needText(body, "network")),
        direction: text(body, "direction") ?? "INGRESS",
        ...writeChangeable(body),
      };
      const input = { requestId: requestIdOf(call), firewallResource };
      return acknowledgeNew("firewalls.insert", await call.client.send("firewalls.insert", input, call.signal));
    },

    async "firewalls.update"(call, body, asked) {
      const at = needLocation(ownId(call));
      const current = await firewalls.get(call, at);
      const description = asked.marks === true ? { description: describeMarks(call.marks) } : {};
      const firewallResource = { ...withoutOutput(current), ...withoutOther(body), ...writeChangeable(body), ...description };
      const input = { project: at.project, firewall: at.name, requestId: requestIdOf(call), firewallResource };
      return acknowledge("firewalls.update", await call.client.send("firewalls.update", input, call.signal));
    },

    async "firewalls.delete"(call) {
      const { name: firewall, ...place } = ownGlobal(call);
      return acknowledge("firewalls.delete", await call.client.send("firewalls.delete", { ...place, firewall }, call.signal));
    },
  },

  describe: (row) =>
    describeMarked(row, {
      network: row.network ? pathOf(row.network) : undefined,
      direction: orAbsent(row.direction),
      priority: orAbsent(row.priority),
      disabled: row.disabled ?? false,
      allowed: readProtocols(row.allowed),
      denied: readProtocols(row.denied),
      ...Object.fromEntries(ranges.map((name) => [name, orEmpty(row[name])])),
    }),
});

/** What each prop is to be, its default where the source has none. */
function wantedProps(change: NativeChange, names: readonly string[]): NativeMap {
  return Object.fromEntries(names.map((name) => [name, wanted(schema, change, name) ?? null]));
}

/** The fields for the props that a body has. */
function writeChangeable(body: NativeMap): Firewall {
  const priority = whole(body, "priority");
  const disabled = flag(body, "disabled");
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(disabled === undefined ? {} : { disabled }),
    ...Object.fromEntries(protocols.filter((name) => body[name] !== undefined).map((name) => [name, writeProtocols(body, name)])),
    ...Object.fromEntries(ranges.filter((name) => body[name] !== undefined).map((name) => [name, texts(body, name)])),
  };
}

/** A rule allows or denies: what it is to do takes the place of the other. */
function withoutOther(body: NativeMap): Firewall {
  return { ...(maps(body, "allowed").length > 0 ? { denied: [] } : {}), ...(maps(body, "denied").length > 0 ? { allowed: [] } : {}) };
}

function writeProtocols(body: NativeMap, name: string): { IPProtocol: string; ports?: string[] }[] {
  return maps(body, name).map((entry) => {
    const ports = texts(entry, "ports");
    return { IPProtocol: needText(entry, "IPProtocol"), ...(ports.length === 0 ? {} : { ports }) };
  });
}

function readProtocols(entries: Firewall["allowed"]): NativeValue {
  return (entries ?? []).map(({ IPProtocol, ports }) => ({
    IPProtocol: IPProtocol ?? "all",
    ...(ports && ports.length > 0 ? { ports: [...ports] } : {}),
  }));
}

/** Protocols in small letters and ports in order: Compute Engine gives them back as it likes. */
function normaliseProtocols(value: NativeValue): NativeValue {
  if (!Array.isArray(value)) return value;
  return value.map((entry: NativeValue) => {
    if (!isMap(entry)) return entry;
    const { IPProtocol, ports } = entry;
    return {
      IPProtocol: typeof IPProtocol === "string" ? IPProtocol.toLowerCase() : (IPProtocol ?? null),
      ...(Array.isArray(ports) && ports.length > 0 ? { ports: ports.map(String).sort() } : {}),
    };
  });
}

/** Fields that the cloud sets; a request does not name them. */
function withoutOutput({ id: _, kind: __, selfLink: ___, creationTimestamp: ____, ...rest }: Firewall): Firewall {
  return rest;
}
