import { expect, test } from "vitest";
import { tag } from "../../grammar/graph/value.ts";
import type { NativeMap, NativeValue } from "../lower/native-value.ts";
import { openSecrets } from "../plan/native-form.ts";
import { SecretKeyMissing } from "../state/secret-keeper.ts";
import { createSecretKeeper } from "../state/secrets.ts";
import { openMap, sealMap } from "./sealed-values.ts";

const place = { lineage: "l", key: "machine.web:instance" };
const keeper = createSecretKeeper(() => new Uint8Array(32).fill(1));
const secret = (value: NativeValue): NativeValue => ({ [tag]: "secret", value });

test("a journaled body holds no secret in clear and opens to what was sent", () => {
  const body: NativeMap = {
    Name: "web",
    Password: secret("hunter2"),
    Nested: { list: [secret({ pin: 4711 }), 3, null], text: secret("4711") },
  };
  const sealed = sealMap(body, keeper, place);
  const text = JSON.stringify(sealed);
  expect(text).not.toContain("hunter2");
  expect(text).not.toContain("4711");
  expect(openMap(JSON.parse(text) as NativeMap, keeper, place)).toEqual(openSecrets(body));
});

test("a body opens neither under another key nor in another place", () => {
  const sealed = sealMap({ Password: secret("hunter2") }, keeper, place);
  const other = createSecretKeeper(() => new Uint8Array(32).fill(2));
  expect(() => openMap(sealed, other, place)).toThrow(SecretKeyMissing);
  expect(() => openMap(sealed, keeper, { ...place, key: "machine.db:instance" })).toThrow(SecretKeyMissing);
});
