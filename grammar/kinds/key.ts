// The portable SSH key: its public half, put on machines at their first boot. Knows no cloud.

import { string } from "../types/type.ts";
import { checkPublicKey } from "./checks/public-key.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute } from "./shared-props.ts";

export const key: KindSchema = {
  name: "key",
  doc: "A public SSH key that may log in to machines. Koine never sees the private half.",
  props: {
    public_key: {
      type: string,
      required: true,
      replaces: true,
      deferrable: true,
      doc: "One line as in authorized_keys, for example the text of ~/.ssh/id_ed25519.pub. RSA keys need 2048 bits or more.",
    },
  },
  attributes: {
    id: idAttribute("key"),
    fingerprint: { type: string, doc: "The fingerprint as the cloud shows it; clouds differ in how they compute it." },
  },
  checks: [checkPublicKey],
};
