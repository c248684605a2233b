// A stack whose sources a change takes away: whether anything would stay that nobody plans any more. Only its state tells; that is asked with the koine.yaml of
// the base, beside a source that says nothing.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { exitCode } from "../exit-codes.ts";
import { parseProjectFile } from "../project/project-file.ts";
import type { PlainProblem } from "../report/build-report.ts";
import { subjectFlags } from "./child-arguments.ts";
import { childEnvironment } from "./child-environment.ts";
import { nameSubject } from "./find-subjects.ts";
import type { ScopedSubject } from "./plan-scope.ts";
import type { Children } from "./run-child.ts";

/** What of a run decides how a state is looked at. */
export interface LeftoverRun {
  readonly children: Pick<Children, "run">;
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly simulate: boolean;
  readonly ephemeralState: boolean;
  readonly against?: string;
}

export interface Leftovers {
  /** Why the sources have to stay. */
  readonly problem?: PlainProblem;
  readonly warning: string;
  readonly output: string;
}

/** `projectFile` lies in a folder of ours, outside of the checkout; beside it is room for more. */
export async function findLeftovers(scoped: ScopedSubject, run: LeftoverRun, projectFile: string): Promise<Leftovers> {
  const name = nameSubject(scoped.subject);
  const warning = `The change removes all sources of ${name}`;
  if (run.against !== undefined) return { warning: `${warning}; whether it still manages anything is not looked at here`, output: "" };
  const { folder, environment } = scoped.subject;
  const keep = {
    hint: `keep one file with only the line \`stack ${basename(folder).replace(/[^A-Za-z0-9_]/g, "_") || "name"}\`: its plan shows what is destroyed, and the merge does it; remove the folder after that`,
  };
  const world = join(run.root, folder, ".koine/simulator", ...(environment === undefined ? [] : ["environments", environment]), "state.db");
  const isFile = run.simulate ? existsSync(world) : scoped.state === "file" && !run.ephemeralState;
  if (isFile)
    return {
      problem: { message: `${warning}; what its state holds would stay, and nobody would plan it any more`, ...keep },
      warning,
      output: "",
    };
  if (run.simulate || scoped.state === "file") return { warning: `${warning}; it manages nothing here`, output: "" };
  const stand = join(dirname(projectFile), `${basename(projectFile, ".yaml")}-removed`);
  mkdirSync(stand, { mode: 0o700 });
  writeFileSync(join(stand, "main.koine"), "stack removed\n", { mode: 0o600 });
  writeFileSync(join(stand, "state.yaml"), keepState(scoped.project.text), { mode: 0o600 });
  const { code, stdout, output } = await run.children.run({
    args: [...subjectFlags({ ...scoped.subject, folder: "" }, stand, join(stand, "state.yaml")), "state", "list", "--format", "json"],
    directory: run.root,
    environment: childEnvironment(run.variables, "own"),
  });
  const count = code === exitCode.done ? countObjects(stdout) : undefined;
  if (count === 0) return { warning: `${warning}; it manages nothing any more`, output: "" };
  const what =
    count === undefined
      ? "its state could not be looked at"
      : `${count} ${count === 1 ? "object" : "objects"} that it manages would stay, and nobody would plan them any more`;
  return { problem: { message: `${warning}; ${what}`, ...keep }, warning, output: count === undefined ? output : "" };
}

/** Of a koine.yaml only where the states are: inputs may want what is not there any more. JSON is YAML. */
function keepState(text: string): string {
  const { file } = parseProjectFile({ path: "koine.yaml", text });
  const stateOf = ({ state }: { readonly state?: string }): object => (state === undefined ? {} : { state });
  const environments = Object.entries(file?.environments ?? {}).map(([name, entry]) => [name, stateOf(entry)]);
  return JSON.stringify({ ...stateOf(file ?? {}), environments: Object.fromEntries(environments) });
}

function countObjects(text: string): number | undefined {
  try {
    const { objects } = JSON.parse(text) as { readonly objects?: unknown };
    return Array.isArray(objects) ? objects.length : undefined;
  } catch {
    return undefined;
  }
}
