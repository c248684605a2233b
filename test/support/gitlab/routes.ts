// What GitLab does for each operation that the tests' server plays, and which parameters it takes, by https://docs.gitlab.com/api/. What is not named here
// is a violation.

import { type Issue, type Member, type Note, type Project, sayIssue, sayMember, sayNote, sayRequest, sayStatus, sayTime } from "./model.ts";

export interface Asked {
  readonly project: Project;
  readonly by: Member;
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

export type Told = { readonly status: number; readonly body?: unknown } | { readonly list: readonly object[] };

type Kind = "string" | "number" | "boolean";

export interface Route {
  readonly method: string;
  /** After /api/v4; what stands in parentheses goes into `path`. */
  readonly pattern: RegExp;
  readonly takes: Readonly<Record<string, Kind>>;
  readonly needs?: readonly string[];
  readonly answer: (asked: Asked) => Told;
}

const missing = (what: string): Told => ({ status: 404, body: { message: `404 ${what} Not Found` } });
const forbidden: Told = { status: 403, body: { message: "403 Forbidden" } };

/** https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics */
const longest = 1_000_000;

function judgeLength(what: string, field: string, text: string): Told | undefined {
  if ([...text].length <= longest) return undefined;
  return { status: 400, body: { message: `400 Bad request - ${what} {:${field}=>["is too long (maximum is ${longest} characters)"]}` } };
}

const numberIn = (asked: Asked, index: number): number => Number(asked.path[index]);
const textOf = (asked: Asked, name: string): string => String(asked.values[name] ?? "");

function makeNote({ project, by }: Asked, body: string): Note {
  const at = project.now();
  return { id: project.nextId(), by, body, system: false, createdAt: at, updatedAt: at };
}

/** The notes of a request, and how one is said. */
function withRequest(asked: Asked, then: (notes: readonly Note[], say: (note: Note) => object, iid: number) => Told): Told {
  const iid = numberIn(asked, 0);
  const request = asked.project.requests.get(iid);
  if (!request) return missing("Merge Request");
  return then(asked.project.notes.get(iid) ?? [], (note) => sayNote(note, { type: "MergeRequest", id: request.id, iid }), iid);
}

/** Changes one note of a request. Only its author may, or a maintainer. https://docs.gitlab.com/user/project/merge_requests/reviews */
function changeNote(asked: Asked, change: (note: Note) => Note | undefined): Told {
  return withRequest(asked, (notes, say, iid) => {
    const note = notes.find((one) => one.id === numberIn(asked, 1));
    if (!note) return missing("Note");
    if (note.by.id !== asked.by.id && asked.by.level < 40) return forbidden;
    const changed = change(note);
    const rest = notes.filter((one) => one !== note);
    asked.project.notes.set(iid, changed ? [...rest, changed].sort((a, b) => a.id - b.id) : rest);
    return changed ? { status: 200, body: say(changed) } : { status: 204 };
  });
}

function keepIssue(asked: Asked, former: Issue | undefined): Told {
  const { project, values, by } = asked;
  const description = values.description === undefined ? (former?.description ?? "") : textOf(asked, "description");
  const mistake = judgeLength("Issue", "description", description);
  if (mistake) return mistake;
  const event = values.state_event;
  const issue: Issue = {
    iid: former?.iid ?? project.issues.size + 1,
    id: former?.id ?? project.nextId(),
    by: former?.by ?? by,
    title: values.title === undefined ? (former?.title ?? "") : textOf(asked, "title"),
    description,
    labels: values.labels === undefined ? (former?.labels ?? []) : textOf(asked, "labels").split(","),
    state: event === "close" ? "closed" : event === "reopen" ? "opened" : (former?.state ?? "opened"),
    at: project.now(),
  };
  project.issues.set(issue.iid, issue);
  return { status: former ? 200 : 201, body: sayIssue(project, issue) };
}

const page = { page: "number", per_page: "number" } as const;
const sorted = { sort: "string", order_by: "string" } as const;
const inProject = String.raw`^/projects/\d+`;

export const routes: readonly Route[] = [
  { method: "GET", pattern: /^\/user$/, takes: {}, answer: ({ by }) => ({ status: 200, body: sayMember(by) }) },
  {
    method: "GET",
    pattern: /^\/users$/,
    takes: { ...page, username: "string" },
    answer: (asked) => ({
      list: [...asked.project.members.values()].filter((one) => one.username === textOf(asked, "username")).map(sayMember),
    }),
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/members/all/(\\d+)$`),
    takes: {},
    answer: (asked) => {
      const found = [...asked.project.members.values()].find((one) => one.id === numberIn(asked, 0) && one.level > 0);
      return found ? { status: 200, body: { ...sayMember(found), access_level: found.level, expires_at: null } } : missing("Member");
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/merge_requests$`),
    takes: { ...page, ...sorted, state: "string", source_branch: "string", scope: "string" },
    answer: (asked) => ({
      list: [...asked.project.requests.values()]
        .filter(({ state, branch }) => (asked.values.state ?? state) === state && (asked.values.source_branch ?? branch) === branch)
        .map((one) => sayRequest(asked.project, one)),
    }),
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)$`),
    takes: {},
    answer: (asked) => {
      const request = asked.project.requests.get(numberIn(asked, 0));
      return request ? { status: 200, body: sayRequest(asked.project, request) } : missing("Merge Request");
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/versions$`),
    takes: page,
    answer: (asked) => {
      const request = asked.project.requests.get(numberIn(asked, 0));
      if (!request) return missing("Merge Request");
      const list = request.versions.map(({ id, sha, at }) => ({
        id,
        head_commit_sha: sha,
        base_commit_sha: request.baseSha,
        start_commit_sha: request.startSha,
        created_at: sayTime(at),
        merge_request_id: request.id,
        state: "collected",
        real_size: "1",
      }));
      return { list: list.toReversed() };
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/approvals$`),
    takes: {},
    answer: (asked) => {
      const request = asked.project.requests.get(numberIn(asked, 0));
      if (!request) return missing("Merge Request");
      const approvals = request.approvals.map(({ by, at }) => ({ user: sayMember(by), approved_at: sayTime(at) }));
      return { status: 200, body: { id: request.id, iid: request.iid, approved: approvals.length > 0, approved_by: approvals } };
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/notes$`),
    takes: { ...page, ...sorted },
    answer: (asked) => withRequest(asked, (notes, say) => ({ list: (asked.values.sort === "asc" ? notes : notes.toReversed()).map(say) })),
  },
  {
    method: "POST",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/notes$`),
    takes: { body: "string" },
    needs: ["body"],
    answer: (asked) =>
      withRequest(asked, (notes, say, iid) => {
        const mistake = judgeLength("Note", "note", textOf(asked, "body"));
        if (mistake) return mistake;
        const note = makeNote(asked, textOf(asked, "body"));
        asked.project.notes.set(iid, [...notes, note]);
        return { status: 201, body: say(note) };
      }),
  },
  {
    method: "PUT",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/notes/(\\d+)$`),
    takes: { body: "string" },
    needs: ["body"],
    answer: (asked) =>
      judgeLength("Note", "note", textOf(asked, "body")) ??
      changeNote(asked, (note) => ({ ...note, body: textOf(asked, "body"), updatedAt: asked.project.now() })),
  },
  {
    method: "DELETE",
    pattern: new RegExp(`${inProject}/merge_requests/(\\d+)/notes/(\\d+)$`),
    takes: {},
    answer: (asked) => changeNote(asked, () => undefined),
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/repository/commits/([^/]+)/merge_requests$`),
    takes: { ...page, state: "string" },
    answer: (asked) => {
      const sha = asked.path[0] ?? "";
      if (asked.project.git.find(sha) === undefined) return missing("Commit");
      const found = [...asked.project.requests.values()].filter((one) => one.merged?.introduced.has(sha) || one.sha === sha);
      return { list: found.map((one) => sayRequest(asked.project, one)) };
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/repository/commits/([^/]+)/discussions$`),
    takes: page,
    answer: (asked) => {
      const notes = asked.project.discussions.get(asked.path[0] ?? "") ?? [];
      const list = notes.map((note) => ({
        id: String(note.id),
        individual_note: true,
        notes: [sayNote(note, { type: "Commit", id: null })],
      }));
      return { list };
    },
  },
  {
    method: "POST",
    pattern: new RegExp(`${inProject}/repository/commits/([^/]+)/discussions$`),
    takes: { body: "string" },
    needs: ["body"],
    answer: (asked) => {
      const sha = asked.path[0] ?? "";
      if (asked.project.git.find(sha) === undefined) return missing("Commit");
      const note = makeNote(asked, textOf(asked, "body"));
      asked.project.discussions.set(sha, [...(asked.project.discussions.get(sha) ?? []), note]);
      return { status: 201, body: { id: String(note.id), individual_note: true, notes: [sayNote(note, { type: "Commit", id: null })] } };
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/repository/commits/([^/]+)/statuses$`),
    takes: { ...page, name: "string" },
    answer: (asked) => ({ list: asked.project.statuses.filter((one) => one.sha === asked.path[0]).map(sayStatus) }),
  },
  {
    method: "POST",
    pattern: new RegExp(`${inProject}/statuses/([^/]+)$`),
    takes: { state: "string", name: "string", context: "string", description: "string", target_url: "string", ref: "string" },
    needs: ["state"],
    answer: (asked) => {
      const { project, by, values } = asked;
      const name = String(values.name ?? values.context ?? "default");
      const description = values.description === undefined ? null : String(values.description);
      const status = {
        id: project.nextId(),
        sha: asked.path[0] ?? "",
        name,
        status: String(values.state),
        description,
        by,
        at: project.now(),
      };
      project.statuses.push(status);
      return { status: 201, body: sayStatus(status) };
    },
  },
  {
    method: "GET",
    pattern: new RegExp(`${inProject}/issues$`),
    takes: { ...page, ...sorted, state: "string", labels: "string", scope: "string", author_id: "number" },
    answer: (asked) => {
      const wanted = asked.values.labels === undefined ? [] : textOf(asked, "labels").split(",");
      const { state = "all" } = asked.values;
      return {
        list: [...asked.project.issues.values()]
          .filter((one) => (state === "all" || one.state === state) && wanted.every((label) => one.labels.includes(label)))
          .map((one) => sayIssue(asked.project, one)),
      };
    },
  },
  {
    method: "POST",
    pattern: new RegExp(`${inProject}/issues$`),
    takes: { title: "string", description: "string", labels: "string" },
    needs: ["title"],
    answer: (asked) => keepIssue(asked, undefined),
  },
  {
    method: "PUT",
    pattern: new RegExp(`${inProject}/issues/(\\d+)$`),
    takes: { title: "string", description: "string", labels: "string", state_event: "string" },
    answer: (asked) => {
      const former = asked.project.issues.get(numberIn(asked, 0));
      return former ? keepIssue(asked, former) : missing("Issue");
    },
  },
];
