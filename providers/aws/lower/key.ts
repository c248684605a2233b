// key on aws: a KeyPair imported from its public half. Machines name it by KeyName, so a successor takes another one (`-g2`).

import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { problem } from "../../lowering/problems.ts";
import { checkTags, keyName, nameAndTags } from "./names-and-tags.ts";

export const lowerKey: Lowering = (resource, context) => {
  const key = context.object(
    "key",
    "aws.ec2.KeyPair",
    { KeyName: keyName(context), PublicKeyMaterial: context.native(resource.props.public_key ?? ""), Tags: nameAndTags(context) },
    { from: { PublicKeyMaterial: "public_key", Tags: "tags" } },
  );
  return {
    objects: [key.object],
    outputs: { id: key.ref("KeyPairId"), fingerprint: key.ref("KeyFingerprint") },
    diagnostics: [...checkKeyType(resource.props.public_key, context), ...checkTags(resource, context)],
  };
};

/** RSA lengths that EC2 imports. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html#how-to-generate-your-own-key-and-import-it-to-aws */
const rsaLengths = [1024, 2048, 4096];

function checkKeyType(publicKey: unknown, context: LoweringContext): readonly Diagnostic[] {
  if (typeof publicKey !== "string") return [];
  const [type = "", blob = ""] = publicKey.trim().split(/\s+/);
  const place = context.place("public_key");
  if (type === "ssh-ed25519") return [];
  if (type !== "ssh-rsa") {
    return [
      problem("K3020", place, `EC2 takes no key of the type \`${type}\`, only ED25519 and RSA`, {
        hint: "make one with `ssh-keygen -t ed25519`",
      }),
    ];
  }
  const bits = rsaBits(blob);
  if (bits === undefined || rsaLengths.includes(bits)) return [];
  return [
    problem("K3020", place, `EC2 takes no RSA key of ${bits} bits, only of ${rsaLengths.join(", ")}`, {
      hint: "make one with `ssh-keygen -t ed25519`",
    }),
  ];
}

/** Length of the modulus in the OpenSSH wire format (RFC 4253, section 6.6): three length-prefixed fields, the last being n. */
function rsaBits(blob: string): number | undefined {
  let bytes: string;
  try {
    bytes = atob(blob);
  } catch {
    return undefined;
  }
  let at = 0;
  for (let field = 0; field < 3; field++) {
    if (at + 4 > bytes.length) return undefined;
    const length = [0, 1, 2, 3].reduce((sum, offset) => sum * 256 + bytes.charCodeAt(at + offset), 0);
    at += 4;
    if (at + length > bytes.length) return undefined;
    if (field < 2) {
      at += length;
      continue;
    }
    let first = at;
    while (first < at + length && bytes.charCodeAt(first) === 0) first++;
    const rest = at + length - first;
    return rest === 0 ? 0 : (rest - 1) * 8 + (32 - Math.clz32(bytes.charCodeAt(first)));
  }
  return undefined;
}
