// Which of the subjects may be applied, and what of each: what koine.yaml asks for, held against what was shown and who approved it. Asks git alone.

import { parseProjectFile, settingsOf } from "../project/project-file.ts";
import { type ProjectSettings, requirements } from "../project/project-settings.ts";
import type { ApplyRequest } from "./apply-request.ts";
import { type Approvals, type GivenApproval, judgeApprovals } from "./approval.ts";
import { pathIn } from "./find-subjects.ts";
import type { Git } from "./git.ts";
import type { Requirement, Subject } from "./host.ts";
import { isSameSubject } from "./hosts/marker.ts";
import type { ScopedSubject } from "./plan-scope.ts";

/** A subject, with what may be applied of it. */
export interface Judged {
  readonly scoped: ScopedSubject;
  readonly approvals: Approvals;
  readonly require: Requirement;
}

export interface JudgeInput {
  readonly git: Pick<Git, "readFileAt">;
  readonly asked: ApplyRequest;
  readonly chosen: readonly ScopedSubject[];
  readonly given: GivenApproval;
  /** Told of those that are applied when they are merged, and not before. */
  onLater(subject: Subject): void;
}

/** In the order of `chosen`. */
export async function judgeSubjects({ git, asked, chosen, given, onLater }: JudgeInput): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const gone = chosen.flatMap(({ removed, files }) => (removed && files.base !== undefined ? [files.base] : []));
  for (const scoped of chosen) {
    const { subject } = scoped;
    const all = await readSettings(git, asked, scoped, gone);
    // Of a new stack the base does not say yet where its state is.
    const isLater = all[0]?.apply !== "before-merge" || scoped.state === "new";
    if (asked.isEarly && !asked.judgeOnly && isLater) {
      onLater(subject);
      continue;
    }
    const ofSubject = <Record extends { readonly subject: Subject }>(records: readonly Record[]): readonly Record[] =>
      records.filter((record) => isSameSubject(record.subject, subject));
    const later = ofSubject(asked.later.records);
    const require = chooseStricter([...all.map((one) => one.require), ...later.flatMap((record) => record.require ?? [])]);
    judged.push({
      scoped,
      require,
      approvals: judgeApprovals({
        require,
        requests: asked.requests.map((one) => ({ ...one, records: ofSubject(one.records) })),
        later,
        given,
      }),
    });
  }
  return judged;
}

/**
 * Who has to approve is said by koine.yaml as it is trusted, and as it was before and will be after: what weakens it holds from the next change on.
 * The first is the trusted one.
 */
async function readSettings(
  git: JudgeInput["git"],
  asked: ApplyRequest,
  { subject, project, files }: ScopedSubject,
  gone: readonly string[],
): Promise<readonly ProjectSettings[]> {
  const before = asked.before === undefined ? undefined : await git.readFileAt(asked.before, pathIn(subject.folder, "koine.yaml"));
  // A stack that is new may be one that is gone, under another name and with its state: what held there holds here.
  const former = before === undefined ? gone : [before.toString("utf8")];
  return [project.text, files.head, ...former]
    .filter((text) => text !== undefined)
    .flatMap((text) => {
      const { file } = parseProjectFile({ path: "koine.yaml", text });
      return file ? [settingsOf(file, subject.environment)] : [];
    });
}

function chooseStricter(all: readonly Requirement[]): Requirement {
  return requirements[Math.max(0, ...all.map((one) => requirements.indexOf(one)))] ?? "review";
}
