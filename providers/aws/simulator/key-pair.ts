// Key pairs, with fingerprints computed as EC2 does.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  ImportKeyPairRequest,
  ImportKeyPairResult,
  KeyPair,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { KeyPairRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"key-pair"> = {
  kind: "key-pair",
  missing: (id) => refuseMissing("key-pair", id),
  idFilter: "key-pair-id",
  indexed: { "key-name": "name" },
  filters: { "key-pair-id": (row) => [row.id], fingerprint: (row) => [row.fingerprint], "key-name": (row) => [row.name] },
};

interface PublicKey {
  readonly type: KeyPairRow["type"];
  readonly fingerprint: string;
  readonly text: string;
}

function withColons(hex: string): string {
  return (hex.match(/../g) ?? []).join(":");
}

function readString(bytes: Buffer, offset: number): Buffer {
  return bytes.subarray(offset + 4, offset + 4 + bytes.readUInt32BE(offset));
}

/** OpenSSH, bare base64 DER, or PEM (RFC 4716's cousin); RSA of 1024, 2048 or 4096 bits, or ED25519. InvalidKey.Format otherwise. */
function readPublicKey(material: Uint8Array | undefined): PublicKey {
  const text = Buffer.from(material ?? new Uint8Array())
    .toString()
    .trim();
  const [kind = "", body = ""] = text.split(/\s+/);
  try {
    if (kind === "ssh-ed25519") {
      const blob = Buffer.from(body, "base64");
      const key = readString(blob, 4 + readString(blob, 0).length);
      if (readString(blob, 0).toString() !== kind || key.length !== 32)
        refuse("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
      // ED25519: SHA-256 of the OpenSSH blob, in base64, padding kept.
      return { type: "ed25519", fingerprint: createHash("sha256").update(blob).digest("base64"), text };
    }
    const key =
      kind === "ssh-rsa"
        ? readSshRsa(body)
        : text.startsWith("-----BEGIN")
          ? createPublicKey(text)
          : createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
    if (key.asymmetricKeyType !== "rsa") refuse("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (![1024, 2048, 3072, 4096].includes(bits)) refuse("InvalidKey.Format", `Key length of ${bits} bits is not supported`);
    // An imported RSA key: MD5 of the DER public key.
    const der = key.export({ format: "der", type: "spki" });
    return { type: "rsa", fingerprint: withColons(createHash("md5").update(der).digest("hex")), text };
  } catch (error) {
    if (error instanceof Error && error.name === "Ec2Error") throw error;
    return refuse("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  }
}

function readSshRsa(body: string): KeyObject {
  const blob = Buffer.from(body, "base64");
  const name = readString(blob, 0);
  if (name.toString() !== "ssh-rsa") throw new Error("not an RSA key");
  const exponent = readString(blob, 4 + name.length);
  const modulus = readString(blob, 4 + name.length + 4 + exponent.length);
  const unsigned = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  return createPublicKey({ key: { kty: "RSA", e: exponent.toString("base64url"), n: unsigned.toString("base64url") }, format: "jwk" });
}

function checkName(world: World, name: string | undefined): string {
  if (name === undefined || name === "") refuse("MissingParameter", "The request must contain the parameter KeyName");
  // "Constraints: Up to 255 ASCII characters"
  if (name.length > 255 || !/^[\x20-\x7e]+$/.test(name) || name.trim() !== name)
    refuse("InvalidParameterValue", `Value (${name}) for parameter KeyName is invalid. Up to 255 ASCII characters are allowed.`);
  if (world.countBy("key-pair", "name", name) > 0) refuse("InvalidKeyPair.Duplicate", `The keypair already exists`);
  return name;
}

export const keyPairOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html
  CreateKeyPair: defineMutation<CreateKeyPairRequest, KeyPair>(["KeyName", "KeyType", "KeyFormat", "TagSpecifications"], (world, input) => {
    const name = checkName(world, input.KeyName);
    const type = input.KeyType ?? "rsa";
    if (type !== "rsa" && type !== "ed25519") refuse("InvalidParameterValue", `Value (${type}) for parameter KeyType is invalid.`);
    if (input.KeyFormat !== undefined && input.KeyFormat !== "pem")
      refuse("InvalidParameterValue", `Value (${input.KeyFormat}) for parameter KeyFormat is not implemented by the embedded EC2`);
    const pair = type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
    const secret = pair.privateKey.export({ format: "der", type: "pkcs8" });
    // A key that EC2 made: SHA-1 of the DER private key; ED25519 as for an imported one.
    const raw = Buffer.from(pair.publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.from([0, 0, 0, 32]), raw]);
    const fingerprint =
      type === "rsa" ? withColons(createHash("sha1").update(secret).digest("hex")) : createHash("sha256").update(blob).digest("base64");
    const text = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
    const tags = readTagSpecifications(input.TagSpecifications, "key-pair")["key-pair"] ?? {};
    const row = world.add("key-pair", { id: world.newId("key"), name, type, fingerprint, publicKey: text, tags });
    return {
      KeyPairId: row.id,
      Tags: renderTags(row.tags),
      KeyName: name,
      KeyFingerprint: fingerprint,
      KeyMaterial: pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
  ImportKeyPair: defineMutation<ImportKeyPairRequest, ImportKeyPairResult>(
    ["KeyName", "PublicKeyMaterial", "TagSpecifications"],
    (world, input) => {
      const name = checkName(world, input.KeyName);
      const key = readPublicKey(input.PublicKeyMaterial);
      const tags = readTagSpecifications(input.TagSpecifications, "key-pair")["key-pair"] ?? {};
      const row = world.add("key-pair", {
        id: world.newId("key"),
        name,
        type: key.type,
        fingerprint: key.fingerprint,
        publicKey: key.text,
        tags,
      });
      return { KeyFingerprint: row.fingerprint, KeyName: name, KeyPairId: row.id, Tags: renderTags(row.tags) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html: a name that is not there is no error.
  DeleteKeyPair: defineMutation<DeleteKeyPairRequest, DeleteKeyPairResult>(["KeyName", "KeyPairId"], (world, input) => {
    if (input.KeyPairId !== undefined) {
      const row = requireRow(world, "key-pair", input.KeyPairId);
      world.remove(row);
      return { Return: true, KeyPairId: row.id };
    }
    if (input.KeyName === undefined) refuse("MissingParameter", "The request must contain the parameter KeyName or KeyPairId");
    const [row] = world.by("key-pair", "name", input.KeyName);
    if (row === undefined) return { Return: true };
    world.remove(row);
    return { Return: true, KeyPairId: row.id };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeKeyPairs.html
  DescribeKeyPairs: defineQuery<DescribeKeyPairsRequest, DescribeKeyPairsResult>(
    ["KeyNames", "KeyPairIds", "IncludePublicKey", "Filters"],
    (world, input) => {
      const named = (input.KeyNames ?? []).map((name) => {
        const [row] = world.by("key-pair", "name", name);
        return row?.id ?? refuse("InvalidKeyPair.NotFound", `The key pair '${name}' does not exist`);
      });
      const ids = [...(input.KeyPairIds ?? []), ...named];
      const { rows } = selectRows(world, lookup, ids.length === 0 ? undefined : ids, input.Filters, {});
      return {
        KeyPairs: rows.map((row) => ({
          KeyPairId: row.id,
          KeyType: row.type,
          Tags: renderTags(row.tags),
          ...(input.IncludePublicKey === true ? { PublicKey: row.publicKey } : {}),
          CreateTime: new Date(row.createdAt),
          KeyName: row.name,
          KeyFingerprint: row.fingerprint,
        })),
      };
    },
  ),
};
