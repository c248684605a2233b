// What a single request of a handler gets to see, and the two things that must never be missing from it: the object's id and the token.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Ack, Call, Step } from "../../engine/provider/provider.ts";

/** Sends one request. The answer's id is that of the object, and only a creating request need tell it. */
export type Request<Client> = (call: Call<Client>, body: NativeMap, step: Step) => Promise<Ack>;

/** The physical id of the object a request is about. */
export function ownId(call: Pick<Call<unknown>, "id">): string {
  if (call.id === undefined) throw new Error("a request about an object was made without its id");
  return call.id.id;
}

/** The client token of a creating request. Without one an SDK would make up its own, and a resend would make a second object. */
export function tokenOf(call: Pick<Call<unknown>, "token">): string {
  if (call.token === undefined) throw new Error("a request that is protected by a token was made without one");
  return call.token;
}
