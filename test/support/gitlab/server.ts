// GitLab's API over loopback for tests: only operations and parameters of its documentation, with its paging, limits and hiccups. Tests begin at openGitlab;
// everything ends with the test, which fails if anything was asked that GitLab's documentation does not name.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { cloneAt, type Files, openForgeGit } from "../forge-git.ts";
import { home, type Member, type MergeRequest, type Note, type Project } from "./model.ts";
import { type Route, routes, type Told } from "./routes.ts";

export interface Gitlab {
  /** What CI_SERVER_URL says. */
  readonly url: string;
  readonly project: Project;
  readonly violations: readonly string[];
  readonly log: readonly string[];
  /** The next `times` requests whose method and path match are answered so. */
  disturb(on: RegExp, status: 429 | 500 | 502 | 503, times?: number): void;
  member(username: string, level?: number): Member;
  token(username: string, scope?: "api" | "read_api"): string;
  pushBranch(branch: string, files: Files, by?: string): string;
  openRequest(branch: string, about?: { readonly title?: string; readonly by?: string; readonly fork?: boolean }): MergeRequest;
  approve(iid: number, by: string): void;
  note(iid: number, by: string, body: string): Note;
  notes(iid: number): readonly Note[];
  merge(iid: number, squash?: boolean): { readonly before: string; readonly after: string };
  /** A clone with the revision checked out. */
  checkOut(revision: string): string;
  /** A pipeline's variables. https://docs.gitlab.com/ci/variables/predefined_variables/ */
  requestPipeline(iid: number, folder: string, token?: string): Readonly<Record<string, string>>;
  pushPipeline(before: string, after: string, folder: string, token?: string): Readonly<Record<string, string>>;
}

export async function openGitlab(options: { readonly files: Files; readonly path?: string }): Promise<Gitlab> {
  const folder = mkdtempSync(join(tmpdir(), "koine-gitlab-"));
  const path = options.path ?? "acme/shop";
  const git = openForgeGit(folder, "shop");
  const counters = { id: 2_000, time: 0, token: 0 };
  const members = new Map<string, Member>();
  const project: Project = {
    id: 77,
    path,
    git,
    members,
    tokens: new Map(),
    requests: new Map(),
    notes: new Map(),
    discussions: new Map(),
    issues: new Map(),
    statuses: [],
    nextId: () => ++counters.id,
    now: () => {
      counters.time = Math.max(Date.now(), counters.time + 1);
      return counters.time;
    },
  };
  const member = (username: string, level = 30): Member => {
    const known = members.get(username);
    if (known) return known;
    const made = { id: 300 + members.size, username, level, email: `${username}@example.com` };
    members.set(username, made);
    return made;
  };
  for (const username of ["author", "reviewer", "project_77_bot"]) member(username);
  member("stranger", 0);
  const author = (username: string): { readonly name: string; readonly email: string } => ({
    name: username,
    email: member(username).email,
  });
  git.commit("main", options.files, { message: "Begin", author: author("author") });

  const violations: string[] = [];
  const log: string[] = [];
  const disturbances: { readonly on: RegExp; readonly status: number; left: number }[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const name = `${request.method} ${request.url}`;
      const trouble = disturbances.find(({ on, left }) => left > 0 && on.test(name));
      if (trouble) trouble.left -= 1;
      const answer = trouble
        ? { status: trouble.status, body: { message: trouble.status === 429 ? "429 Too Many Requests" : "500 Internal Server Error" } }
        : decide(project, request, Buffer.concat(pieces).toString("utf8"), (mistake) => violations.push(`${name}: ${mistake}`));
      const status = "list" in answer ? 200 : answer.status;
      log.push(`${name} ${status}`);
      send(request, response, answer, status);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(folder, { recursive: true, force: true });
    if (violations.length > 0) throw new Error(`against GitLab's documentation:\n${violations.join("\n")}`);
  });

  const requestOf = (iid: number): MergeRequest => {
    const request = project.requests.get(iid);
    if (!request) throw new Error(`there is no merge request ${iid}`);
    return request;
  };
  const update = (request: MergeRequest): MergeRequest => {
    project.requests.set(request.iid, request);
    return request;
  };
  const addNote = (iid: number, by: Member, body: string, system: boolean): Note => {
    const at = project.now();
    const note = { id: project.nextId(), by, body, system, createdAt: at, updatedAt: at };
    project.notes.set(iid, [...(project.notes.get(iid) ?? []), note]);
    return note;
  };
  const version = (sha: string): MergeRequest["versions"][number] => ({ id: project.nextId(), sha, at: project.now() });
  const common = (work: string, token: string | undefined, sha: string): Record<string, string> => ({
    CI: "true",
    GITLAB_CI: "true",
    CI_API_V4_URL: `${url}/api/v4`,
    CI_SERVER_URL: url,
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_PATH: path,
    CI_PROJECT_URL: `${home}/${path}`,
    CI_PROJECT_DIR: work,
    CI_DEFAULT_BRANCH: "main",
    CI_COMMIT_SHA: sha,
    CI_JOB_NAME: "koine",
    CI_JOB_ID: "5",
    CI_JOB_URL: `${home}/${path}/-/jobs/5`,
    CI_PIPELINE_ID: "4",
    ...(token === undefined ? {} : { KOINE_GITLAB_TOKEN: token }),
  });

  return {
    url,
    project,
    violations,
    log,
    disturb: (on, status, times = 1) => {
      disturbances.push({ on, status, left: times });
    },
    member,
    token: (username, scope = "api") => {
      counters.token += 1;
      const value = `glpat-${String(counters.token).padStart(20, "0")}`;
      project.tokens.set(value, { member: member(username), scope });
      return value;
    },
    pushBranch: (branch, files, by = "author") => {
      const from = git.find("refs/heads/main");
      const sha = git.commit(branch, files, {
        message: `Change ${Object.keys(files).join(", ")}`,
        author: author(by),
        ...(from ? { from } : {}),
      });
      for (const request of project.requests.values()) {
        if (request.state !== "opened" || request.branch !== branch) continue;
        update({ ...request, sha, versions: [...request.versions, version(sha)] });
        addNote(request.iid, member(by), "added 1 commit", true);
      }
      return sha;
    },
    openRequest: (branch, { title, by = "author", fork = false } = {}) => {
      const sha = git.find(`refs/heads/${branch}`) ?? "";
      const startSha = git.find("refs/heads/main") ?? "";
      return update({
        iid: project.requests.size + 1,
        id: project.nextId(),
        title: title ?? `Change ${branch}`,
        by: member(by),
        branch,
        sha,
        startSha,
        baseSha: git.mergeBase(startSha, sha) ?? startSha,
        sourceProject: fork ? 78 : project.id,
        state: "opened",
        versions: [version(sha)],
        approvals: [],
      });
    },
    approve: (iid, by) => {
      const request = requestOf(iid);
      update({ ...request, approvals: [...request.approvals, { by: member(by), at: project.now() }] });
      addNote(iid, member(by), "approved this merge request", true);
    },
    note: (iid, by, body) => addNote(iid, member(by), body, false),
    notes: (iid) => project.notes.get(iid) ?? [],
    merge: (iid, squash = false) => {
      const request = requestOf(iid);
      const before = git.find("refs/heads/main") ?? "";
      const message = `Merge branch '${request.branch}' into 'main'\n\n${request.title}`;
      const sha = git.merge(before, request.sha, squash ? "squash" : "merge", { message, author: author(request.by.username) });
      if (sha === undefined) throw new Error(`the merge request ${iid} has conflicts`);
      git.setRef("refs/heads/main", sha);
      update({ ...request, state: "merged", merged: { at: project.now(), sha, squash, introduced: new Set(git.between(before, sha)) } });
      return { before, after: sha };
    },
    checkOut: (revision) => {
      const target = mkdtempSync(join(folder, "checkout-"));
      cloneAt(git, target, git.find(revision) ?? revision);
      return target;
    },
    requestPipeline: (iid, work, token) => {
      const request = requestOf(iid);
      return {
        ...common(work, token, request.sha),
        CI_PIPELINE_SOURCE: "merge_request_event",
        CI_MERGE_REQUEST_IID: String(iid),
        CI_MERGE_REQUEST_PROJECT_ID: String(project.id),
        CI_MERGE_REQUEST_PROJECT_PATH: path,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: String(request.sourceProject),
        CI_MERGE_REQUEST_DIFF_BASE_SHA: request.baseSha,
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: request.branch,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
        CI_MERGE_REQUEST_EVENT_TYPE: "detached",
        CI_COMMIT_REF_NAME: request.branch,
      };
    },
    pushPipeline: (before, after, work, token) => ({
      ...common(work, token, after),
      CI_PIPELINE_SOURCE: "push",
      CI_COMMIT_BRANCH: "main",
      CI_COMMIT_REF_NAME: "main",
      CI_COMMIT_BEFORE_SHA: before,
    }),
  };
}

function decide(project: Project, request: IncomingMessage, text: string, note: (mistake: string) => void): Told {
  const asked = new URL(request.url ?? "/", "http://localhost");
  const token = project.tokens.get(String(request.headers["private-token"] ?? ""));
  if (!token) return { status: 401, body: { message: "401 Unauthorized" } };
  const path = asked.pathname.replace(/^\/api\/v4/, "");
  const route = routes.find((one) => one.method === request.method && one.pattern.test(path));
  if (!route) {
    note("the documentation has no such operation, or it is not played");
    return { status: 404, body: { error: "404 Not Found" } };
  }
  const body = text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  const values = { ...Object.fromEntries(asked.searchParams), ...body };
  const mistakes = listMistakes(route, values);
  for (const mistake of mistakes) note(mistake);
  if (mistakes.length > 0) return { status: 400, body: { error: mistakes.join(", ") } };
  const inside = /^\/projects\/(\d+)/.exec(path)?.[1];
  if (inside !== undefined && (Number(inside) !== project.id || token.member.level === 0))
    return { status: 404, body: { message: "404 Project Not Found" } };
  if (request.method !== "GET" && token.scope !== "api") {
    return {
      status: 403,
      body: { error: "insufficient_scope", error_description: "The request requires higher privileges than provided by the access token." },
    };
  }
  const parts = (route.pattern.exec(path) ?? []).slice(1).map((part) => decodeURIComponent(part));
  return route.answer({ project, by: token.member, path: parts, values });
}

function listMistakes({ takes, needs = [] }: Route, values: Readonly<Record<string, unknown>>): readonly string[] {
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    const kind = takes[name];
    if (kind === undefined) return [`${name} is no parameter`];
    if (kind === "number") return /^\d+$/.test(String(value)) ? [] : [`${name} is invalid`];
    return typeof value === kind ? [] : [`${name} is invalid`];
  });
  return [...wrong, ...needs.filter((name) => values[name] === undefined).map((name) => `${name} is missing`)];
}

/** Lists in pages, with the headers of https://docs.gitlab.com/api/rest/#offset-based-pagination. */
function send(request: IncomingMessage, response: ServerResponse, answer: Told, status: number): void {
  const headers: Record<string, string> = { "content-type": "application/json", "x-request-id": "TEST" };
  if (!("list" in answer)) {
    if (status === 429) headers["retry-after"] = "1";
    response.writeHead(status, headers).end(answer.body === undefined ? "" : JSON.stringify(answer.body));
    return;
  }
  const asked = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const size = Math.min(100, Number(asked.searchParams.get("per_page") ?? 20));
  const number = Number(asked.searchParams.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(answer.list.length / size));
  const link = (to: number, rel: string): string => {
    asked.searchParams.set("page", String(to));
    return `<${asked.href}>; rel="${rel}"`;
  };
  Object.assign(headers, {
    "x-page": String(number),
    "x-per-page": String(size),
    "x-total": String(answer.list.length),
    "x-total-pages": String(last),
    "x-next-page": number < last ? String(number + 1) : "",
    "x-prev-page": number > 1 ? String(number - 1) : "",
    link: [...(number < last ? [link(number + 1, "next")] : []), link(1, "first"), link(last, "last")].join(", "),
  });
  response.writeHead(200, headers).end(JSON.stringify(answer.list.slice((number - 1) * size, number * size)));
}
