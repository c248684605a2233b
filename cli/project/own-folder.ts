// Whether the `.koine` of a stack may be used: it holds state, keys and simulated worlds, and the folder around it may come from anybody.

import { statSync } from "node:fs";
import { join } from "node:path";
import { judgePrivate } from "../../engine/state/private-directory.ts";

/** What is wrong with the `.koine` of a stack, if it is there: a link, a file, another's, or writable by others. */
export function judgeOwnFolder(folder: string): string | undefined {
  const own = join(folder, ".koine");
  const problem = judgePrivate(own);
  if (problem !== undefined) return problem;
  const stat = statSync(own, { throwIfNoEntry: false });
  return stat === undefined || stat.isDirectory() ? undefined : `\`${own}\` is not a folder; move it away`;
}
