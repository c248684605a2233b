// `koine version`.

import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { koineVersion } from "../version.ts";

export async function runVersion({ terminal }: CommandContext): Promise<number> {
  terminal.out(`koine ${koineVersion()} (node ${process.versions.node})\n`);
  return exitCode.done;
}
