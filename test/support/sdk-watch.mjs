// Preloaded into a CLI process: writes every module it loads, one URL a line, into the file SDK_WATCH.

import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.SDK_WATCH, `${url}\n`);
    return next(url, context);
  },
});
