// What the requests of the gcp handlers have in common: the request id that makes a repeat harmless, and the operation that every change answers with.

import type { Ack, Call } from "../../engine/provider/provider.ts";
import { hashText } from "../handlers/fit-text.ts";
import { ownId, tokenOf } from "../handlers/request.ts";
import { incompleteAnswer } from "./errors.ts";
import type { GceCall, Operation } from "./operations.ts";
import { needLocation, pathOf } from "./paths.ts";

/**
 * The UUID under which Compute Engine carries out a request once, however often it is sent.
 * https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert (requestId)
 */
export function requestIdOf(call: Pick<Call<unknown>, "token">): string {
  const token = tokenOf(call);
  const hex = /^[0-9a-f]{32}$/.test(token) ? token : `${hashText(token)}${hashText(`${token}.`)}`;
  // Version 4, variant 1; the zero UUID is not allowed and cannot come of this.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Where the call's own object stands, and the request id. */
export interface OwnPlace {
  readonly project: string;
  readonly name: string;
  readonly requestId: string;
}

/** How a request about a global object names it. */
export function ownGlobal(call: GceCall): OwnPlace {
  const { project, name } = needLocation(ownId(call));
  return { project, name, requestId: requestIdOf(call) };
}

/** How a request about an object in a region names it: in our own where its path names none. */
export function ownRegional(call: GceCall): OwnPlace & { readonly region: string } {
  const { region = call.client.region } = needLocation(ownId(call));
  return { ...ownGlobal(call), region };
}

/** The acknowledgement of a change to an object that is there. */
export function acknowledge(name: string, operation: Operation): Ack {
  if (!operation.selfLink) throw incompleteAnswer(name, "selfLink");
  return { handle: pathOf(operation.selfLink) };
}

/** The acknowledgement of a creating request: the operation names what it makes before it is there. */
export function acknowledgeNew(name: string, operation: Operation): Ack {
  if (!operation.targetLink) throw incompleteAnswer(name, "targetLink");
  const incarnation = operation.targetId ? { incarnation: String(operation.targetId) } : {};
  return { ...acknowledge(name, operation), id: pathOf(operation.targetLink), ...incarnation };
}
