// `koine explain CODE`: the page of a diagnostic.

import { codes } from "../../grammar/diagnostics/codes.ts";
import { explainCode } from "../../grammar/diagnostics/explain.ts";
import { suggest } from "../../grammar/diagnostics/suggest.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";

export async function runExplain({ terminal }: CommandContext, [name = ""]: readonly string[]): Promise<number> {
  const page = explainCode(name.toUpperCase());
  if (page !== undefined) {
    terminal.out(`${page.trimEnd()}\n`);
    return exitCode.done;
  }
  const near = suggest(name.toUpperCase(), Object.keys(codes));
  terminal.tell(`There is no diagnostic \`${name}\`${near ? `; did you mean \`${near}\`?` : ""}\n`);
  return exitCode.usage;
}
