// An imported public key. Its name is unique in the region, so a repeated import is refused. EC2 gives the material back.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html

import type { KeyPairInfo } from "@aws-sdk/client-ec2";
import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map, needText, text } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { pick } from "../../handlers/steps.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { filter } from "../sweep.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.KeyPair",
  version: 1,
  marks: "tags",
  naturalKey: ["KeyName"],
  nameBound: "KeyName",
  props: {
    KeyName: { type: "string", required: true, immutable: true, doc: "Unique in the region; up to 255 ASCII characters." },
    PublicKeyMaterial: { type: "string", required: true, immutable: true, normalise: dropComment, doc: "In OpenSSH form: RSA or ED25519." },
    Tags: tagsProp,
  },
  attributes: {
    KeyPairId: { type: "string" },
    KeyName: { type: "string", repeats: "KeyName" },
    KeyFingerprint: { type: "string" },
    KeyType: { type: "string" },
  },
  timeouts: quick,
};

export const keyPair = defineHandler<KeyPairInfo>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("DeleteKeyPair")];
    const body = pick(change.desired, ["KeyName", "PublicKeyMaterial", "Tags"]);
    return [...(change.id === undefined ? [createStep("ImportKeyPair", body, "natural")] : []), ...tagSteps(schema, change)];
  },

  requests: {
    async ImportKeyPair(call, body) {
      const input = {
        KeyName: needText(body, "KeyName"),
        PublicKeyMaterial: new TextEncoder().encode(needText(body, "PublicKeyMaterial")),
        TagSpecifications: specifyTags("key-pair", call.marks, map(body, "Tags")),
      };
      const id = (await call.client.send("ImportKeyPair", input, call.signal)).KeyPairId;
      if (id === undefined) throw incompleteAnswer("ImportKeyPair", "KeyPairId");
      return { id };
    },

    // Answers success for a key that does not exist.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html
    async DeleteKeyPair(call) {
      await call.client.send("DeleteKeyPair", { KeyPairId: ownId(call) }, call.signal);
      return {};
    },
  },

  idFilter: "key-pair-id",
  // DescribeKeyPairs has no pages. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeKeyPairs.html
  read: async (call, Filters) =>
    (await call.client.send("DescribeKeyPairs", { Filters, IncludePublicKey: true }, call.signal)).KeyPairs ?? [],
  describe: (row) =>
    row.KeyPairId === undefined
      ? []
      : [
          {
            id: row.KeyPairId,
            props: known({ KeyName: row.KeyName, PublicKeyMaterial: row.PublicKey === undefined ? undefined : dropComment(row.PublicKey) }),
            attributes: known({ KeyPairId: row.KeyPairId, KeyName: row.KeyName, KeyFingerprint: row.KeyFingerprint, KeyType: row.KeyType }),
            tags: row.Tags ?? [],
          },
        ],
  naturalFilters(props) {
    const name = text(props, "KeyName");
    return name === undefined ? undefined : [filter("key-name", name)];
  },
});

/** The comment after the material is anybody's: EC2 puts the key's name there. */
function dropComment(value: NativeValue): NativeValue {
  return typeof value === "string" ? value.trim().split(/\s+/).slice(0, 2).join(" ") : value;
}
