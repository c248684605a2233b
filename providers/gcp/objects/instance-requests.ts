// Every request that is made about an instance itself: one function, one mutating request. Where the API guards a map by a fingerprint, the instance is read
// just before. https://cloud.google.com/compute/docs/reference/rest/v1/instances

import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { map, needText, texts } from "../../handlers/body.ts";
import { ownId, type Request } from "../../handlers/request.ts";
import { instances } from "../collections.ts";
import { writeUserLabels } from "../marks.ts";
import type { Gce, GceCall, Metadata } from "../operations.ts";
import { needLocation } from "../paths.ts";
import { acknowledge, acknowledgeNew, requestIdOf } from "../request.ts";
import {
  accessConfig,
  accessConfigNames,
  instanceResource,
  joinKeys,
  machineTypeLink,
  networkInterface,
  ownKeys,
  writeAccount,
  writeFlags,
} from "./instance-insert.ts";
import { writeLabels } from "./label-requests.ts";

/** What names the instance in a request about it, and the request. */
function target(call: GceCall): { readonly project: string; readonly zone: string; readonly instance: string; readonly requestId: string } {
  const { project, zone = "", name } = needLocation(ownId(call));
  return { project, zone, instance: name, requestId: requestIdOf(call) };
}

export const instanceRequests: Readonly<Record<string, Request<Gce>>> = {
  async "instances.insert"(call, body) {
    const input = { zone: needText(body, "zone"), requestId: requestIdOf(call), instanceResource: instanceResource(call, body) };
    return acknowledgeNew("instances.insert", await call.client.send("instances.insert", input, call.signal));
  },

  async "instances.start"(call) {
    return acknowledge("instances.start", await call.client.send("instances.start", target(call), call.signal));
  },

  async "instances.resume"(call) {
    return acknowledge("instances.resume", await call.client.send("instances.resume", target(call), call.signal));
  },

  async "instances.stop"(call) {
    return acknowledge("instances.stop", await call.client.send("instances.stop", target(call), call.signal));
  },

  async "instances.delete"(call) {
    return acknowledge("instances.delete", await call.client.send("instances.delete", target(call), call.signal));
  },

  async "instances.setMachineType"(call, body) {
    const own = target(call);
    const machineType = machineTypeLink(own.project, own.zone, needText(body, "machineType"));
    const input = { ...own, instancesSetMachineTypeRequestResource: { machineType } };
    return acknowledge("instances.setMachineType", await call.client.send("instances.setMachineType", input, call.signal));
  },

  /** Without an account, its programs have nobody's rights. */
  async "instances.setServiceAccount"(call, body) {
    const account = map(body, "serviceAccount");
    const instancesSetServiceAccountRequestResource = account.email === undefined ? {} : writeAccount(account);
    const input = { ...target(call), instancesSetServiceAccountRequestResource };
    return acknowledge("instances.setServiceAccount", await call.client.send("instances.setServiceAccount", input, call.signal));
  },

  async "instances.updateShieldedInstanceConfig"(call, body) {
    const input = { ...target(call), shieldedInstanceConfigResource: writeFlags(map(body, "shieldedInstanceConfig")) };
    const operation = await call.client.send("instances.updateShieldedInstanceConfig", input, call.signal);
    return acknowledge("instances.updateShieldedInstanceConfig", operation);
  },

  async "instances.setTags"(call, body) {
    const { tags } = await instances.get(call, needLocation(ownId(call)));
    const tagsResource = { items: texts(body, "networkTags"), fingerprint: tags?.fingerprint ?? null };
    return acknowledge("instances.setTags", await call.client.send("instances.setTags", { ...target(call), tagsResource }, call.signal));
  },

  async "instances.setMetadata"(call, body) {
    const { metadata } = await instances.get(call, needLocation(ownId(call)));
    const metadataResource = { items: editItems(metadata, body), fingerprint: metadata?.fingerprint ?? null };
    const input = { ...target(call), metadataResource };
    return acknowledge("instances.setMetadata", await call.client.send("instances.setMetadata", input, call.signal));
  },

  "instances.setLabels": writeLabels("instances.setLabels", instances, (call, _at, instancesSetLabelsRequestResource) =>
    call.client.send("instances.setLabels", { ...target(call), instancesSetLabelsRequestResource }, call.signal),
  ),

  async "instances.addAccessConfig"(call, body) {
    const input = { ...target(call), networkInterface, accessConfigResource: accessConfig(needText(body, "externalIp")) };
    return acknowledge("instances.addAccessConfig", await call.client.send("instances.addAccessConfig", input, call.signal));
  },

  async "instances.deleteAccessConfig"(call, body) {
    const name = body.accessConfig === undefined ? accessConfigNames.ephemeral : needText(body, "accessConfig");
    const input = { ...target(call), networkInterface, accessConfig: name };
    return acknowledge("instances.deleteAccessConfig", await call.client.send("instances.deleteAccessConfig", input, call.signal));
  },
};

/** The items as they are, with the changes of a step: keys that nobody named stay. */
function editItems(current: Metadata | null | undefined, body: NativeMap): NonNullable<Metadata["items"]> {
  const items = new Map((current?.items ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  for (const key of texts(body, "remove")) items.delete(key);
  for (const [key, value] of Object.entries(writeUserLabels(map(body, "set")))) items.set(key, value);
  if (body.sshKeys !== undefined) {
    const lines = texts(body, "sshKeys");
    if (lines.length === 0) items.delete(ownKeys.sshKeys);
    else items.set(ownKeys.sshKeys, joinKeys(lines));
  }
  return [...items].map(([key, value]) => ({ key, value }));
}
