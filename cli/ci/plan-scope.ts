// What of a change `koine ci plan` plans, and with which koine.yaml: the stacks that it touches, in their environments, each with the trusted file of its
// folder and what is to be said about it. Asks git a fixed number of questions, whatever the number of stacks.

import { CannotUse } from "../render/failure.ts";
import { listSubjects, nameSubject, pathIn } from "./find-subjects.ts";
import type { ChangedFile, Git, TreeEntry } from "./git.ts";
import type { Subject } from "./host.ts";
import type { Situation } from "./situation.ts";
import { findTouched, type TouchedStack } from "./touched.ts";
import { isLocalState, judgeState, makeTrustedProject, type TrustedProject } from "./trusted-project.ts";

export interface PlanScope {
  /** Where the change parted from what it is compared with; absent where every stack is planned. */
  readonly from?: string;
  /** By folder and environment. */
  readonly subjects: readonly ScopedSubject[];
  /** Stacks of the revision, touched or not. */
  readonly stacks: number;
  /** Edits of what runs all of this: workflows. */
  readonly notices: readonly string[];
}

export interface ScopedSubject {
  readonly subject: Subject;
  readonly because: readonly string[];
  /** Its sources are gone from the change. */
  readonly removed: boolean;
  readonly project: TrustedProject;
  readonly state: ReturnType<typeof judgeState>;
  /** koine.yaml of the base and of the change. */
  readonly files: { readonly base: string | undefined; readonly head: string | undefined };
  /** Said first of all about its plan. */
  readonly notices: readonly string[];
}

export interface ScopeLimits {
  /** Only these environments; empty for all. */
  readonly environments: readonly string[];
  /** Only stacks at or below this folder; empty for all. */
  readonly folder: string;
}

/** Throws `CannotUse` where the situation has nothing to plan, or history is missing. */
export async function choosePlanScope(git: Git, situation: Situation, limits: ScopeLimits): Promise<PlanScope> {
  const range = await findRange(git, situation);
  const touched = await findTouched(git, { from: range.from, to: situation.sha });
  const chosen: readonly TouchedStack[] = range.isChange
    ? touched.stacks
    : touched.all.map((folder) => ({ folder, because: [], removed: false }));
  const stacks = chosen.filter(({ folder }) => isBelow(folder, limits.folder));
  const read = await openProjectFiles(git, range.trust, situation.sha);
  const paths = stacks.map(({ folder }) => pathIn(folder, "koine.yaml"));
  const files = await read(paths);
  // After a merge the trusted revision is the merged one; what a stack was is said by the one before.
  const before = range.former === range.trust ? files : await (await openProjectFiles(git, range.former, range.former))(paths);
  const formers = new Map(stacks.map(({ folder }) => [folder, before.get(pathIn(folder, "koine.yaml"))?.base]));
  const moves = findMoves(stacks, formers, (folder) => files.get(pathIn(folder, "koine.yaml"))?.head);
  const gone = new Set(moves.values());
  const notices = range.isChange ? noteWorkflows(touched.changes) : [];
  const subjects = stacks.flatMap((stack): readonly ScopedSubject[] => {
    const { folder, removed, because } = stack;
    if (gone.has(folder)) return [];
    const from = moves.get(folder);
    const found = files.get(pathIn(folder, "koine.yaml")) ?? { base: undefined, head: undefined };
    const both = { ...found, ...(removed ? { base: formers.get(folder) } : from === undefined ? {} : { base: found.head }) };
    const project = removed ? { text: both.base ?? "", notices: [] } : makeTrustedProject(both.base, both.head);
    const said = [
      ...notices,
      ...(from === undefined ? [] : [`The stack moves here from \`${from}\`, with its koine.yaml`]),
      ...project.notices,
      ...(because.includes(pathIn(folder, "koine.lock")) ? ["koine.lock is edited: what it pins comes from this change"] : []),
    ];
    return listSubjects(folder, project.text).map((subject) => {
      const state = judgeState(both.base, both.head, subject.environment);
      return { ...stack, subject, project, state, files: both, notices: state === "new" && !removed ? [...said, noStateYet] : said };
    });
  });
  const known = new Set(subjects.map(({ subject }) => subject.environment));
  for (const environment of limits.environments)
    if (subjects.length > 0 && !known.has(environment) && !(await declares(read, touched.all, environment)))
      throw new CannotUse(`no stack declares the environment \`${environment}\``, "it stands under `environments:` of a koine.yaml");
  return {
    ...(range.isChange && range.from !== undefined ? { from: range.from } : {}),
    subjects: subjects.filter(({ subject }) => isWithin(subject, limits)),
    stacks: touched.all.length,
    notices,
  };
}

const noStateYet = "The base knows no state of this: it is planned as if nothing had been made yet";

/**
 * New folder to the former one, of stacks that took their koine.yaml along unchanged. That names a state with a server, so what it manages is still
 * planned, and the base trusted it already.
 */
function findMoves(
  stacks: readonly TouchedStack[],
  formers: ReadonlyMap<string, string | undefined>,
  headOf: (folder: string) => string | undefined,
): ReadonlyMap<string, string> {
  const left = new Map<string, string>();
  for (const { folder, removed } of stacks) {
    const text = formers.get(folder);
    if (removed && text !== undefined && listSubjects(folder, text).every(({ environment }) => !isLocalState(text, environment)))
      left.set(text, folder);
  }
  const moves = new Map<string, string>();
  for (const { folder, removed } of stacks) {
    const text = headOf(folder);
    const from = removed || formers.get(folder) !== undefined || text === undefined ? undefined : left.get(text);
    if (from === undefined || text === undefined) continue;
    moves.set(folder, from);
    // A second copy would be another stack with the same state.
    left.delete(text);
  }
  return moves;
}

interface Range {
  readonly from: string | undefined;
  /** Whose koine.yaml is obeyed. */
  readonly trust: string;
  /** What is there before the change. */
  readonly former: string;
  /** Else every stack is planned. */
  readonly isChange: boolean;
}

async function findRange(git: Git, situation: Situation): Promise<Range> {
  switch (situation.kind) {
    case "reviewing":
    case "queued":
      return {
        from: await git.findMergeBase(situation.baseSha, situation.sha),
        trust: situation.baseSha,
        former: situation.baseSha,
        isChange: true,
      };
    case "plain": {
      if (situation.base === undefined) return { from: situation.sha, trust: situation.sha, former: situation.sha, isChange: false };
      const base = await git.resolveCommit(situation.base);
      return { from: await git.findMergeBase(base, situation.sha), trust: base, former: base, isChange: true };
    }
    case "merged": {
      const before = await findFormer(git, situation.before);
      return { from: before, trust: situation.sha, former: before ?? situation.sha, isChange: true };
    }
    case "completed":
      throw new CannotUse(
        "another workflow's run ended: there is nothing to plan here",
        "use `koine ci comment --from DIR` with what that run left",
      );
  }
}

/** After a forced push the former revision is nowhere any more: then everything may differ. Throws `CannotUse` where it is only not fetched. */
async function findFormer(git: Git, before: string | undefined): Promise<string | undefined> {
  if (before === undefined || (await git.hasCommit(before))) return before;
  return (await git.isShallow()) ? git.resolveCommit(before) : undefined;
}

type ReadBoth = (
  paths: readonly string[],
) => Promise<ReadonlyMap<string, { readonly base: string | undefined; readonly head: string | undefined }>>;

async function openProjectFiles(git: Git, base: string, head: string): Promise<ReadBoth> {
  const [before, after] = await Promise.all([git.listTree(base), base === head ? undefined : git.listTree(head)]);
  const objectOf = (tree: ReadonlyMap<string, TreeEntry>, path: string): string | undefined => {
    const entry = tree.get(path);
    return entry?.kind === "file" ? entry.object : undefined;
  };
  return async (paths) => {
    const pairs = paths.map((path) => ({ path, base: objectOf(before, path), head: objectOf(after ?? before, path) }));
    const contents = await git.readObjects(
      pairs.flatMap(({ base: one, head: other }) => [one, other].filter((object) => object !== undefined)),
    );
    const textOf = (object: string | undefined): string | undefined =>
      object === undefined ? undefined : contents.get(object)?.toString("utf8");
    return new Map(pairs.map((pair) => [pair.path, { base: textOf(pair.base), head: textOf(pair.head) }]));
  };
}

/** An environment that only stacks have that are not touched is known all the same. */
async function declares(read: ReadBoth, folders: readonly string[], environment: string): Promise<boolean> {
  const files = await read(folders.map((folder) => pathIn(folder, "koine.yaml")));
  return [...files.values()].some(({ base, head }) =>
    [base, head].some((text) => listSubjects("", text).some((subject) => subject.environment === environment)),
  );
}

function isBelow(folder: string, limit: string): boolean {
  return limit === "" || folder === limit || folder.startsWith(`${limit}/`);
}

/** Whether a run with these limits works on the subject. */
export function isWithin({ folder, environment }: Subject, limits: ScopeLimits): boolean {
  return isBelow(folder, limits.folder) && (limits.environments.length === 0 || limits.environments.includes(environment ?? ""));
}

/** Files that decide which commands run with which rights. */
const workflows = /^(?:\.github\/(?:workflows|actions)\/.+|\.gitlab-ci\.yml|\.gitlab\/ci\/.+)$/;

function noteWorkflows(changes: readonly ChangedFile[]): readonly string[] {
  const edited = changes.filter(({ path }) => workflows.test(path)).map(({ path }) => path);
  if (edited.length === 0) return [];
  const [first = ""] = edited;
  const more = edited.length === 1 ? "" : ` and ${edited.length - 1} more`;
  return [`This change edits what runs here: \`${first}\`${more}. Read that first: a run of it may say anything`];
}

/** `shop @ prod, infra`, of so many at most. */
export function nameSubjects(subjects: readonly Subject[], most = 10): string {
  const names = subjects.slice(0, most).map(nameSubject);
  return subjects.length > most ? `${names.join(", ")} and ${subjects.length - most} more` : names.join(", ");
}
