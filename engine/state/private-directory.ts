// The `.koine` folder holds state, keys and simulated worlds: nobody else may read it, and no link may lead it elsewhere.

import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";

/** What is wrong with a folder or file that must be private, in a sentence with the fix; undefined when all is well. */
export function judgePrivate(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (stat.isSymbolicLink()) return `\`${path}\` is a symbolic link; replace it by a real one`;
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  if (stat.uid !== uid && uid !== 0) return `\`${path}\` belongs to another user; run \`chown\` on it, or use a folder of your own`;
  if ((stat.mode & 0o022) !== 0) return `\`${path}\` is writable by others; run \`chmod go-w ${path}\``;
  return undefined;
}

/**
 * Makes the folder (0700, with its own `.gitignore`) or judges the one that is there. Returns the problem, if any. A folder of the user's
 * that was there before gets no `.gitignore`: it would hide the sources.
 */
export function ensurePrivateDirectory(path: string): string | undefined {
  const problem = judgePrivate(path);
  if (problem) return problem;
  const isOld = existsSync(path);
  if (!isOld) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  } else if (!statSync(path).isDirectory()) return `\`${path}\` is not a folder; move it away`;
  if (isOld && !resolve(path).split(sep).includes(".koine")) return undefined;
  const ignore = join(path, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "# Made by koine: state and keys do not belong in a repository.\n*\n", { mode: 0o600 });
  return undefined;
}
