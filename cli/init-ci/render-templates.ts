// The workflows that `koine init --ci` writes: templates/ with the few values filled in that differ by repository. Pure but for reading the templates.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../version.ts";
import type { Deployment } from "./find-deployments.ts";

export type CiHost = "github" | "gitlab";

export interface CiValues {
  readonly branch: string;
  readonly deployments: readonly Deployment[];
  /** Where the workflow gets Koine: of GitHub `OWNER/REPOSITORY@REF`, of GitLab what npm installs. */
  readonly source?: string;
}

/**
 * What stands in a workflow until a reader says where Koine comes from. No host takes it for a name, so that nobody else's code is run by mistake.
 */
export const unknownSource: Readonly<Record<CiHost, string>> = {
  github: "<owner>/koine@<release>",
  gitlab: "<package>@<version>",
};

const files: Readonly<Record<CiHost, readonly { readonly template: string; readonly path: string }[]>> = {
  github: [
    { template: "github/koine.yml", path: ".github/workflows/koine.yml" },
    { template: "github/koine-comment.yml", path: ".github/workflows/koine-comment.yml" },
  ],
  gitlab: [{ template: "gitlab/gitlab-ci.yml", path: ".gitlab-ci.yml" }],
};

/** Paths below the repository's root, with their texts. */
export function renderCiFiles(host: CiHost, values: CiValues): readonly { readonly path: string; readonly text: string }[] {
  const source = values.source ?? unknownSource[host];
  const deployments = values.deployments.map((deployment) => describeDeployment(host, deployment)).join("\n");
  const filled: Readonly<Record<string, string>> = {
    "@BRANCH@": values.branch,
    "@ACTION@": source,
    "@PACKAGE@": source,
    "@ENVIRONMENTS@": deployments,
  };
  return files[host].map(({ template, path }) => {
    const text = readFileSync(join(packageRoot(), "templates", template), "utf8");
    return { path, text: text.replace(/@[A-Z]+@/g, (name) => filled[name] ?? name) };
  });
}

/** An entry of the matrix; names are letters, digits, `-` and `_`. */
function describeDeployment(host: CiHost, { name, environment }: Deployment): string {
  return host === "github"
    ? `          - { deployment: "${name}", koine: "${environment}" }`
    : `      - { KOINE_DEPLOYMENT: "${name}", KOINE_ENVIRONMENT: "${environment}" }`;
}
