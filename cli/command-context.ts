// What every command is given.

import type { GlobalOptions } from "./project/load-project.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly debug: boolean;
  /** All that `--env` names: it may be repeated, and list several with commas. Only `koine ci` works on more than one. */
  readonly environments?: readonly string[];
}
