// The entry of the process. Loads only what the command needs; never prints a stack trace.

import nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// `engines` of package.json; who runs the bundle by hand has not asked npm.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error: Koine needs Node 22.18 or newer, and this is ${process.versions.node}\n  = install a newer one from nodejs.org\n`,
  );
  process.exit(1);
}

// V8 keeps what it compiled in the user's own folder: most of a short command's time is compiling ourselves. A folder that cannot
// be written to, or is removed, costs only that time.
nodeModule.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "koine"));

// A reader that closes early (`koine show | head`) is no mistake of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`error: what was asked for cannot be written: ${error.message}\n`);
  process.exit(1);
});
// What a run tells may go unread (`koine apply 2>&1 | head`); the run itself goes on.
process.stderr.on("error", () => {});

const { runCommandLine } = await import("./command-line.ts");
process.exitCode = await runCommandLine(process.argv.slice(2));
