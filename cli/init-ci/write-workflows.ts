// `koine init --ci`: writes a host's workflows at the root of the repository, and nothing else. Overwrites nothing unless told, and follows no link.

import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { findRepository } from "../project/repository.ts";
import { CannotUse } from "../render/failure.ts";
import { findDefaultBranch, findDeployments } from "./find-deployments.ts";
import { type CiHost, renderCiFiles, unknownSource } from "./render-templates.ts";

export interface WorkflowFlags {
  readonly ci: CiHost;
  readonly koine?: string;
  readonly force?: boolean;
}

/** `folder`: any of the repository's. */
export function writeWorkflows({ terminal }: CommandContext, folder: string, { ci, koine, force }: WorkflowFlags): number {
  const mistake = koine === undefined ? undefined : describeSourceMistake(ci, koine);
  if (mistake !== undefined) {
    terminal.tell(`${mistake}\n`);
    return exitCode.usage;
  }
  const repository = findRepository(realpathSync(folder));
  const deployments = findDeployments(repository, folder);
  const values = { branch: findDefaultBranch(repository), deployments, ...(koine === undefined ? {} : { source: koine }) };
  const files = renderCiFiles(ci, values);
  for (const { path } of files) refuseLinks(repository.root, path);
  const others = files.filter(({ path, text }) => {
    const there = join(repository.root, path);
    return existsSync(there) && readFileSync(there, "utf8") !== text;
  });
  if (others.length > 0 && !force) {
    terminal.tell(`${others.map(({ path }) => path).join(", ")} would be overwritten. Move it away, or add --force.\n`);
    return exitCode.failed;
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(join(repository.root, path)), { recursive: true });
    writeFileSync(join(repository.root, path), text);
  }
  terminal.tell(`Wrote ${files.map(({ path }) => path).join(", ")} in ${repository.root}.\n`);
  if (!repository.isGit) terminal.tell("note: this is no git repository yet; hosts read workflows at the root of one\n");
  terminal.tell("\nNext:\n");
  if (koine === undefined) {
    terminal.tell(
      `  say where Koine comes from: put it in place of \`${unknownSource[ci]}\`, or run this again with --koine and --force\n`,
    );
  }
  terminal.tell(`  make the roles and variables that it names (docs/ci-credentials.md); applied from \`${values.branch}\`,\n`);
  terminal.tell(`  in ${deployments.map(({ name }) => `\`${name}\``).join(", ")}, which the host should let that branch alone deploy to\n`);
  terminal.tell("  commit it, and open a change request: its plan comes as a comment (docs/ci.md)\n");
  return exitCode.done;
}

/** It stands in a workflow between other words; what a host could take for more than a name is refused. */
function describeSourceMistake(ci: CiHost, koine: string): string | undefined {
  if (ci === "github" && !/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+@[A-Za-z0-9_./-]+$/.test(koine))
    return `\`--koine ${koine}\` is not OWNER/REPOSITORY@REF, as \`uses:\` takes it.`;
  if (ci === "gitlab" && !/^[A-Za-z0-9@][A-Za-z0-9@:/._+~-]*$/.test(koine))
    return `\`--koine ${koine}\` is nothing that npm installs: a name with its version, or an address.`;
  return undefined;
}

/** A repository of others may hold links that lead out of it. */
function refuseLinks(root: string, path: string): void {
  let at = root;
  for (const name of path.split("/")) {
    at = join(at, name);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new CannotUse(`\`${path}\` cannot be written: \`${at}\` is a link`, "remove the link, or write the workflow where it leads");
  }
}
