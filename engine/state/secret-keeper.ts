// How secrets stand in state, journal and plan files: as keyed digests, or sealed. Never in clear.

/** What a digest or seal is bound to; equal secrets in two places look different. */
export interface SecretPlace {
  readonly lineage: string;
  /** Key of the native object: `machine.web[0]:instance`. */
  readonly key: string;
  readonly prop: string;
}

export interface SecretKeeper {
  /** Keyed digest, `hmac:<key id>:<hex>`. Equal for equal values in one place under one key. */
  digest(place: SecretPlace, value: string): string;
  /** AES-256-GCM with a random nonce, bound to the place: `sealed:<key id>:<base64>`. */
  seal(place: SecretPlace, value: string): string;
  /** Throws `SecretKeyMissing` when the key is not the one it was sealed with. */
  open(place: SecretPlace, sealed: string): string;
}

/** In rows: `{ "$secret": "hmac:…" }`; in journal bodies: `{ "$sealed": "sealed:…" }`. Values other than strings are sealed as their JSON. */
export const secretField = "$secret";
export const sealedField = "$sealed";

export class SecretKeyMissing extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SecretKeyMissing";
  }
}
