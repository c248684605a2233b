// key on azure: no object of its own. Its machines get it through their osProfile at their first boot.

import type { Lowering } from "../../../engine/provider/provider.ts";
import { parsePublicKey } from "../../../grammar/kinds/ssh-public-key.ts";
import { problem } from "../../lowering/problems.ts";
import { fingerprintOf, fingerprintTransform } from "../../lowering/ssh-fingerprint.ts";

/** "Azure currently supports SSH protocol 2 RSA key pairs with a minimum length of 2048 bits" and ED25519. https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys */
export const lowerKey: Lowering = (resource, context) => {
  const publicKey = resource.props.public_key ?? "";
  const text = typeof publicKey === "string" ? publicKey : undefined;
  const parsed = text === undefined ? undefined : parsePublicKey(text);
  const type = text?.trim().split(/\s+/)[0];
  const fingerprint = text === undefined ? context.native(publicKey, fingerprintTransform) : fingerprintOf(text);
  return {
    objects: [],
    outputs: { id: fingerprint, fingerprint },
    diagnostics:
      parsed?.kind === "ecdsa" || parsed?.kind === "hardware"
        ? [
            problem("K3020", context.place("public_key"), `Azure takes no key of the type \`${type}\`, only ED25519 and RSA`, {
              hint: "make one with `ssh-keygen -t ed25519`",
            }),
          ]
        : [],
  };
};
