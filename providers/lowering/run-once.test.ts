// The guard around a script, run by a shell as the guest agent runs it at every boot.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDeferred, makeSecret } from "../../grammar/graph/make-value.ts";
import type { PropValue } from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import { guardScript } from "./run-once.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "koine-run-once-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Boots so many times; the script's marks are in the folder of the test instead of /var/lib/koine. */
function boot(script: string, times: number): void {
  const { text } = guardScript(script) ?? { text: "" };
  const file = join(folder, "startup-script");
  writeFileSync(file, String(text).replaceAll("/var/lib/koine", folder));
  for (let n = 0; n < times; n++) execFileSync("sh", [file], { stdio: "pipe" });
}

test("the script runs at the first boot and at no other", () => {
  boot(`#!/bin/sh\necho boot >> ${folder}/seen\n`, 3);
  expect(readFileSync(join(folder, "seen"), "utf8")).toBe("boot\n");
});

test("the script is run as it was written, by its own interpreter, with nothing expanded on the way", () => {
  boot(`#!${process.execPath}\nrequire("fs").writeFileSync("${folder}/seen", "$HOME \`id\` \\\\ 'x'")`, 1);
  expect(readFileSync(join(folder, "seen"), "utf8")).toBe("$HOME `id` \\ 'x'");
});

test("a script that fails counts as run", () => {
  expect(() => boot(`#!/bin/sh\necho boot >> ${folder}/seen\nexit 3\n`, 1)).toThrow();
  execFileSync("sh", [join(folder, "startup-script")]);
  expect(readFileSync(join(folder, "seen"), "utf8")).toBe("boot\n");
});

const origin = { address: "machine.web", path: ["private_ip"] };
const unknown = makeDeferred(string, [origin], { op: "attribute", origin });
const joined = (...parts: readonly (string | typeof unknown)[]): PropValue =>
  makeDeferred(string, [origin], { op: "call", name: "#concat", arguments: parts });

test.each([
  ["#!/bin/sh", true],
  ["#cloud-config\n", false],
  ["", false],
  [" #!/bin/sh", false],
  [joined("#!/bin/sh\necho ", unknown), true],
  [joined(unknown, "#!/bin/sh"), false],
  [unknown, false],
] as readonly (readonly [PropValue, boolean])[])("%#: what is known to begin with #! is guarded", (given, guarded) => {
  expect(guardScript(given) !== undefined).toBe(guarded);
});

test("the taint of a secret stays", () => {
  expect(guardScript(makeSecret("#!/bin/sh") as PropValue)?.secret).toBe(true);
  expect(guardScript("#!/bin/sh")?.secret).toBe(false);
});
