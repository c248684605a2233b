// Public keys: parsed and judged, never shown. A private key pasted by mistake gets a message that does not repeat it.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { KindCheck } from "../kind.ts";
import { parsePublicKey } from "../ssh-public-key.ts";
import { knownText, makeError, nameOf, placeOf } from "./reading.ts";

const minRsaBits = 2048;

export const checkPublicKey: KindCheck = (key) => {
  const text = knownText(key.props.public_key);
  if (text === undefined) return [];
  const place = placeOf(key, "public_key");
  const name = `\`${nameOf(key)}\``;
  const parsed = parsePublicKey(text);
  switch (parsed.kind) {
    case "private":
      return [
        {
          ...makeError("K2301", place, `key ${name} is given a private key`, {
            hint: "remove it from the source, treat it as known to others, and use the line of the file that ends in .pub",
          }),
          conceal: true,
        } satisfies Diagnostic,
      ];
    case "malformed":
      return [makeError("K2302", place, `the public key of ${name} does not parse: ${parsed.reason}`, { hint: parsed.hint })];
    case "unknown":
      return [
        makeError("K2303", place, `the public key of ${name} has the type \`${parsed.type}\`, which Koine does not take`, {
          hint: "make a key with `ssh-keygen -t ed25519`",
        }),
      ];
    case "rsa":
      if (parsed.bits >= minRsaBits) return [];
      return [
        makeError("K2303", place, `the RSA key of ${name} has ${parsed.bits} bits, and ${minRsaBits} are the least`, {
          hint: "make a key with `ssh-keygen -t ed25519`, or `ssh-keygen -t rsa -b 4096`",
        }),
      ];
    case "ed25519":
    case "ecdsa":
    case "hardware":
      return [];
  }
};
