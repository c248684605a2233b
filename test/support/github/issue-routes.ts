// Issues, and comments on issues and pulls, as the tests' GitHub does them: https://docs.github.com/rest/issues

import { sayComment, sayIssue, sayLabel, sayPullAsIssue } from "./answers.ts";
import { isRecord, type Json } from "./description.ts";
import type { Comment, Issue, Label, Token } from "./model.ts";
import { type Asked, missing, numberOf, type Route, read, refuse, sortAsked, type Told, write } from "./told.ts";

/** Characters, as GitHub's message has it. */
const longestBody = 65_536;

function judgeBody(resource: string, body: unknown): Told | undefined {
  if (typeof body !== "string") return undefined;
  if (resource === "IssueComment" && body.trim() === "") {
    return refuse(422, "Validation Failed", [{ resource, code: "missing_field", field: "body" }]);
  }
  if ([...body].length <= longestBody) return undefined;
  const message =
    resource === "IssueComment"
      ? `Body is too long (maximum is ${longestBody} characters)`
      : `body is too long (maximum is ${longestBody} characters)`;
  const where = resource === "IssueComment" ? { code: "unprocessable", field: "data" } : { code: "custom", field: "body" };
  return refuse(422, "Validation Failed", [{ resource, ...where, message }]);
}

function withComment(asked: Asked, then: (comment: Comment) => Told): Told {
  const comment = asked.repository.comments.get(numberOf(asked, "comment_id"));
  return comment ? then(comment) : missing;
}

/** The author, and whoever may write the repository. */
function mayEdit(token: Token, comment: Comment): boolean {
  return comment.by.login === token.person.login || ["write", "admin"].includes(token.person.permission);
}

function createIssue(asked: Asked): Told {
  const { repository, body, token } = asked;
  const mistake = judgeBody("Issue", body.body);
  if (mistake) return mistake;
  const at = repository.now();
  const labels = readLabels(asked);
  const issue: Issue = {
    number: repository.nextNumber(),
    id: repository.nextId(),
    title: String(body.title),
    body: String(body.body ?? ""),
    by: token.person,
    ...(token.app ? { app: token.app } : {}),
    labels,
    state: "open",
    reason: null,
    createdAt: at,
    updatedAt: at,
  };
  repository.issues.set(issue.number, issue);
  return { status: 201, body: sayIssue(repository, issue) };
}

function updateIssue(asked: Asked): Told {
  const { repository, body } = asked;
  const former = repository.issues.get(numberOf(asked, "issue_number"));
  if (!former) return missing;
  const mistake = judgeBody("Issue", body.body);
  if (mistake) return mistake;
  const at = repository.now();
  const state = (body.state ?? former.state) as Issue["state"];
  const { closedAt: _closed, ...rest } = former;
  const updated: Issue = {
    ...rest,
    title: String(body.title ?? former.title),
    body: body.body === undefined ? former.body : String(body.body ?? ""),
    labels: body.labels === undefined ? former.labels : readLabels(asked),
    state,
    reason: state === "closed" ? String(body.state_reason ?? "completed") : former.state === "closed" ? "reopened" : former.reason,
    updatedAt: at,
    ...(state === "closed" ? { closedAt: former.closedAt ?? at } : {}),
  };
  repository.issues.set(updated.number, updated);
  return { status: 200, body: sayIssue(repository, updated) };
}

function listIssues(asked: Asked): Told {
  const { repository, parameters } = asked;
  const { state = "open", creator, labels } = parameters;
  const wanted = labels === undefined || labels === "" ? [] : labels.split(",");
  const issues = [...repository.issues.values()].map((one) => ({ ...one, said: () => sayIssue(repository, one) }));
  const pulls = [...repository.pulls.values()].map((one) => ({
    ...one,
    labels: [] as string[],
    said: () => sayPullAsIssue(repository, one),
  }));
  const fitting = [...issues, ...pulls].filter(
    (one) =>
      (state === "all" || one.state === state) &&
      (creator === undefined || one.by.login === creator) &&
      wanted.every((label) => one.labels.includes(label)) &&
      (parameters.since === undefined || one.updatedAt >= Date.parse(parameters.since)),
  );
  return { list: sortAsked(asked, fitting, "desc").map((one) => one.said()) };
}

function createComment(asked: Asked): Told {
  const { repository, token, body } = asked;
  const issue = numberOf(asked, "issue_number");
  if (!repository.pulls.has(issue) && !repository.issues.has(issue)) return missing;
  const mistake = judgeBody("IssueComment", body.body);
  if (mistake) return mistake;
  const at = repository.now();
  const comment: Comment = {
    id: repository.nextId(),
    issue,
    by: token.person,
    ...(token.app ? { app: token.app } : {}),
    body: String(body.body),
    createdAt: at,
    updatedAt: at,
  };
  repository.comments.set(comment.id, comment);
  return { status: 201, body: sayComment(repository, comment) };
}

function updateComment(asked: Asked): Told {
  const { repository, token, body } = asked;
  return withComment(asked, (comment) => {
    if (!mayEdit(token, comment)) return refuse(403, "Must have admin rights to Repository.");
    const mistake = judgeBody("IssueComment", body.body);
    if (mistake) return mistake;
    const { editedBy: _former, ...rest } = comment;
    const other = comment.by.login === token.person.login ? {} : { editedBy: token.person };
    const updated: Comment = { ...rest, ...other, body: String(body.body), updatedAt: repository.now() };
    repository.comments.set(comment.id, updated);
    return { status: 200, body: sayComment(repository, updated) };
  });
}

function keepLabel({ repository }: Asked, name: string, color = "ededed", description: string | null = null): Label {
  const label = { id: repository.nextId(), name, color, description };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}

/** Names of labels in a body; those that are not there are made, by whoever may push. */
function readLabels(asked: Asked): readonly string[] {
  return ((asked.body.labels ?? []) as readonly Json[]).map((one) => {
    const name = isRecord(one) ? String(one.name) : String(one);
    return (asked.repository.labels.get(name.toLowerCase()) ?? keepLabel(asked, name)).name;
  });
}

function createLabel(asked: Asked): Told {
  const { repository, body } = asked;
  const name = String(body.name);
  if (repository.labels.has(name.toLowerCase())) {
    return refuse(422, "Validation Failed", [{ resource: "Label", code: "already_exists", field: "name" }]);
  }
  const label = keepLabel(asked, name, String(body.color ?? "ededed"), body.description === undefined ? null : String(body.description));
  return { status: 201, body: sayLabel(repository, label) };
}

/** By the description's names. */
export const issueRoutes: Readonly<Record<string, Route>> = {
  "issues/list-for-repo": { needs: read("issues"), answer: listIssues },
  "issues/get-label": {
    needs: read("issues", "pull_requests"),
    answer: ({ repository, parameters }) => {
      const label = repository.labels.get((parameters.name ?? "").toLowerCase());
      return label ? { status: 200, body: sayLabel(repository, label) } : missing;
    },
  },
  "issues/create-label": { needs: write("issues", "pull_requests"), answer: createLabel },
  "issues/create": { needs: write("issues"), answer: createIssue },
  "issues/get": {
    needs: read("issues", "pull_requests"),
    answer: (asked) => {
      const issue = asked.repository.issues.get(numberOf(asked, "issue_number"));
      const pull = asked.repository.pulls.get(numberOf(asked, "issue_number"));
      if (issue) return { status: 200, body: sayIssue(asked.repository, issue) };
      return pull ? { status: 200, body: sayPullAsIssue(asked.repository, pull) } : missing;
    },
  },
  "issues/update": { needs: write("issues", "pull_requests"), answer: updateIssue },
  "issues/list-comments": {
    needs: read("issues", "pull_requests"),
    answer: (asked) => {
      const { repository, parameters } = asked;
      const issue = numberOf(asked, "issue_number");
      if (!repository.pulls.has(issue) && !repository.issues.has(issue)) return missing;
      const since = parameters.since === undefined ? 0 : Date.parse(parameters.since);
      // By id, oldest first. https://docs.github.com/rest/issues/comments#list-issue-comments
      const list = [...repository.comments.values()].filter((one) => one.issue === issue && one.updatedAt >= since);
      return { list: list.map((one) => sayComment(repository, one)) };
    },
  },
  "issues/create-comment": { needs: write("issues", "pull_requests"), answer: createComment },
  "issues/get-comment": {
    needs: read("issues", "pull_requests"),
    answer: (asked) => withComment(asked, (comment) => ({ status: 200, body: sayComment(asked.repository, comment) })),
  },
  "issues/update-comment": { needs: write("issues", "pull_requests"), answer: updateComment },
  "issues/delete-comment": {
    needs: write("issues", "pull_requests"),
    answer: (asked) =>
      withComment(asked, (comment) => {
        if (!mayEdit(asked.token, comment)) return refuse(403, "Must have admin rights to Repository.");
        asked.repository.comments.delete(comment.id);
        return { status: 204 };
      }),
  },
};
