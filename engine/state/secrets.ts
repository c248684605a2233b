// Sealing and digests of secrets under one root key per environment, split by HKDF so that no two uses share a key.

import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { type SecretKeeper, SecretKeyMissing, type SecretPlace } from "./secret-keeper.ts";

/**
 * `loadKey` gives the 32-byte root key when the first secret needs it, so a stack without secrets needs none.
 * It may throw `SecretKeyMissing`.
 */
export function createSecretKeeper(loadKey: () => Uint8Array): SecretKeeper {
  let root: { readonly key: Uint8Array; readonly id: string } | undefined;
  const derived = new Map<string, Buffer>();
  const load = () => {
    if (!root) {
      const key = loadKey();
      root = { key, id: createHash("sha256").update("koine key id").update(key).digest("hex").slice(0, 8) };
    }
    return root;
  };
  const derive = (purpose: "seal" | "digest", lineage: string): Buffer => {
    const name = `${purpose} ${lineage}`;
    const known = derived.get(name);
    if (known) return known;
    // RFC 5869; the info binds purpose and lineage, the place is bound per use.
    const key = Buffer.from(hkdfSync("sha256", load().key, "koine", name, 32));
    derived.set(name, key);
    return key;
  };
  const bind = (place: SecretPlace): string => JSON.stringify([place.lineage, place.key, place.prop, load().id]);
  return {
    digest: (place, value) =>
      `hmac:${load().id}:${createHmac("sha256", derive("digest", place.lineage)).update(bind(place)).update("\0").update(value).digest("hex")}`,
    seal: (place, value) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", derive("seal", place.lineage), nonce).setAAD(Buffer.from(bind(place)));
      const sealed = Buffer.concat([nonce, cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `sealed:${load().id}:${sealed.toString("base64")}`;
    },
    open: (place, sealed) => {
      const [form, id, text] = sealed.split(":");
      if (form !== "sealed" || text === undefined) throw new SecretKeyMissing("a sealed value of the journal cannot be read");
      if (id !== load().id) throw new SecretKeyMissing(`a secret was sealed with the key ${id}, and the key at hand is ${load().id}`);
      const bytes = Buffer.from(text, "base64");
      const decipher = createDecipheriv("aes-256-gcm", derive("seal", place.lineage), bytes.subarray(0, 12)).setAAD(
        Buffer.from(bind(place)),
      );
      decipher.setAuthTag(bytes.subarray(-16));
      try {
        return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw new SecretKeyMissing("a sealed value of the journal was changed or belongs to another place");
      }
    },
  };
}
