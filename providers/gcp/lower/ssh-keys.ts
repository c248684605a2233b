// Who may log in to an instance: the lines of its metadata, from which the guest agent makes accounts. Keys of the project and of OS Login are kept out, so that
// only the author's count. Pure.
// https://cloud.google.com/compute/docs/connect/add-ssh-keys#metadata

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import { makeDeferred } from "../../../grammar/graph/make-value.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isDeferred } from "../../../grammar/graph/value.ts";
import { string } from "../../../grammar/types/type.ts";
import { asList, followRef } from "../../lowering/read-props.ts";
import { concatTexts, finishText } from "../../lowering/user-data.ts";

export const accessMetadata: NativeMap = { "enable-oslogin": "FALSE", "block-project-ssh-keys": "TRUE" };

/** `user:ssh-ed25519 AAAA… comment`, one for each key of the machine. */
export function sshKeysOf(machine: PortableResource, user: string, context: LoweringContext): readonly NativeValue[] {
  return asList(machine.props.key).flatMap((ref): readonly NativeValue[] => {
    const publicKey = followRef(ref, context)?.props.public_key;
    if (publicKey === undefined) return [];
    if (!isDeferred(publicKey)) return [`${user}:${String(publicKey).trim()}`];
    const trimmed = makeDeferred(string, publicKey.origins, { op: "call", name: "trim", arguments: [publicKey] });
    return [finishText({ text: concatTexts([`${user}:`, trimmed]), secret: false }, context)];
  });
}
