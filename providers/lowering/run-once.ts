// A script that the machine's image would run at every boot, made to run at the first one only, as cloud-init runs it elsewhere. Pure.

import type { Deferred, PropValue } from "../../grammar/graph/value.ts";
import { concatTexts, readText, type Text } from "./user-data.ts";

/** No script has this line; the text of one that is not known yet could, on purpose only. */
const end = "koine-end-of-script-2f9d1c";

const before = `#!/bin/sh
# Runs the script below at the first boot only; it counts as run once it was begun.
done=/var/lib/koine/first-boot
if [ -e "$done" ]; then exit 0; fi
mkdir -p /var/lib/koine
script=/var/lib/koine/user-data
cat > "$script" <<'${end}'
`;

const after = `
${end}
chmod 700 "$script"
: > "$done"
exec "$script"
`;

/** The guarded script; undefined for a text that is not known to begin with \`#!\`. */
export function guardScript(userData: PropValue): Text | undefined {
  const { text, secret } = readText(userData);
  if (!beginOf(text).startsWith("#!")) return undefined;
  return { text: concatTexts([before, text, after]), secret };
}

/** What a text is known to begin with. */
function beginOf(text: string | Deferred): string {
  if (typeof text === "string") return text;
  const { expression } = text;
  if (expression.op !== "call" || expression.name !== "#concat") return "";
  const [first] = expression.arguments;
  return typeof first === "string" ? first : "";
}
