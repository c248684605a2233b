// key on gcp: nothing of its own. Machines that name it have it in their metadata, see ssh-keys.ts.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { fingerprintOf, fingerprintTransform } from "../../lowering/ssh-fingerprint.ts";
import { checkLabels } from "./labels.ts";

export const lowerKey: Lowering = (resource, context) => {
  const { public_key: publicKey = "" } = resource.props;
  const fingerprint = typeof publicKey === "string" ? fingerprintOf(publicKey) : context.native(publicKey, fingerprintTransform);
  return { objects: [], outputs: { id: fingerprint, fingerprint }, diagnostics: checkLabels(resource, context) };
};
