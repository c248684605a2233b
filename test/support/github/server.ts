// GitHub's API over loopback for tests: strict by its own description in both directions, with paging, rate limits, scopes and the hiccups that a test asks
// for. What the repository holds and does is in model.ts and *-routes.ts; tests begin at open-github.ts.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sayPerson } from "./answers.ts";
import { commitRoutes } from "./commit-routes.ts";
import { complete } from "./complete.ts";
import {
  answerSchema,
  isRecord,
  type Json,
  type JsonRecord,
  listAnswerMistakes,
  listBodyMistakes,
  type Match,
  matchRequest,
} from "./description.ts";
import { issueRoutes } from "./issue-routes.ts";
import type { Repository, Token } from "./model.ts";
import { pullRoutes } from "./pull-routes.ts";
import { refuse, type Told } from "./told.ts";

/** One request that was not by the description, or one answer of ours that is not. */
export interface Violation {
  readonly request: string;
  readonly mistakes: readonly string[];
}

export interface Logged {
  readonly method: string;
  readonly path: string;
  /** By the description's name; undefined for what it does not know. */
  readonly operation: string | undefined;
  readonly by: string | undefined;
  readonly body: Json | undefined;
  readonly status: number;
}

/** What goes wrong with a request, as documented at https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
export type Trouble =
  | { readonly kind: "status"; readonly status: 500 | 502 | 503 | 504 }
  | { readonly kind: "secondary-limit"; readonly status?: 403 | 429; readonly retryAfter: number }
  | { readonly kind: "primary-limit"; readonly status?: 403 | 429; readonly resetsIn: number }
  /** Carried out, but the connection ends before the answer. */
  | { readonly kind: "lost-answer" }
  /** The connection ends before anything is done. */
  | { readonly kind: "cut" }
  /** Something else happens first. */
  | { readonly kind: "before"; readonly act: () => void };

interface Disturbance {
  readonly on: string | ((request: Logged) => boolean);
  readonly trouble: Trouble;
  left: number;
}

export interface ApiServer {
  readonly url: string;
  readonly violations: Violation[];
  readonly log: Logged[];
  /** The next `times` (one unless given) requests of an operation meet with this. */
  disturb(on: Disturbance["on"], trouble: Trouble, times?: number): void;
  /** From now on at most so many requests an hour. */
  limit(requests: number, resetsIn: number): void;
  close(): Promise<void>;
}

const routes = { ...commitRoutes, ...issueRoutes, ...pullRoutes };

const versions = new Set(["2022-11-28", "2026-03-10"]);

interface Outcome {
  readonly status: number;
  readonly body?: Json | Buffer | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request's connection ends without an answer. */
const noAnswer: Outcome = { status: 0 };

/** One request, read to its end. */
interface Incoming {
  readonly method: string;
  readonly asked: URL;
  readonly headers: IncomingMessage["headers"];
  readonly token: Token | undefined;
  readonly body: Json | undefined;
  readonly match: Match | undefined;
}

type Note = (...mistakes: readonly string[]) => void;

interface Rate {
  readonly limit: number;
  readonly used: number;
  /** Seconds since the epoch. */
  readonly reset: number;
}

export async function serveApi(repository: Repository): Promise<ApiServer> {
  const violations: Violation[] = [];
  const log: Logged[] = [];
  const disturbances: Disturbance[] = [];
  let rate: Rate = { limit: 5_000, used: 0, reset: inSeconds(3_600) };
  let url = "";

  /** The trouble that this request meets with, if one was asked for. */
  const takeTrouble = (request: Logged): Trouble | undefined => {
    const found = disturbances.find(({ on, left }) => left > 0 && (typeof on === "string" ? on === request.operation : on(request)));
    if (found) found.left -= 1;
    return found?.trouble;
  };

  const answer = (incoming: Incoming, note: Note): Outcome => {
    const { match, token, body, headers } = incoming;
    if (incoming.method === "POST" && /^(\/api)?\/graphql$/.test(incoming.asked.pathname)) {
      return token ? { status: 200, body: answerGraphql(token, body, note) } : say(401, "Bad credentials");
    }
    if (!match) {
      note("the description has no such operation");
      return say(404, "Not Found");
    }
    const version = headers["x-github-api-version"];
    if (!headers["user-agent"]) note("a request needs a User-Agent");
    if (version !== undefined && !versions.has(String(version))) note(`there is no version ${String(version)} of the API`);
    if (headers.authorization === undefined) return say(404, "Not Found");
    if (!token) return say(401, "Bad credentials");
    const mistakes = [...match.mistakes, ...listBodyMistakes(match.operation, body)];
    if (mistakes.length > 0) {
      note(...mistakes);
      return say(422, `Invalid request.\n\n${mistakes.join("\n")}`);
    }
    const trouble = takeTrouble(describe(incoming, 0));
    if (trouble?.kind === "before") trouble.act();
    else if (trouble && trouble.kind !== "lost-answer") return refuseFor(trouble);
    rate = { ...rate, used: rate.used + 1 };
    if (rate.used > rate.limit) return refuseFor({ kind: "primary-limit", resetsIn: rate.reset - inSeconds(0) });
    const told = decide(repository, rate, match, token, isRecord(body) ? body : {}, String(headers.accept).includes("raw"));
    if (trouble?.kind === "lost-answer") return noAnswer;
    if ("list" in told) {
      const paged = cutPage(told, match.parameters, new URL(incoming.asked.pathname + incoming.asked.search, url));
      return finish(match, 200, paged.body, note, paged.headers);
    }
    return told.raw ? { status: told.status, body: told.raw } : finish(match, told.status, told.body, note);
  };

  const read = (request: IncomingMessage, text: string, note: Note): Incoming | undefined => {
    const asked = new URL(request.url ?? "/", "http://localhost");
    const method = request.method ?? "GET";
    const token = repository.tokens.get(/^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
    const match = matchRequest(method, asked.pathname, asked.searchParams);
    try {
      const body = text === "" ? undefined : (JSON.parse(text) as Json);
      return { method, asked, headers: request.headers, token, match, body };
    } catch {
      note("the body is not JSON");
      return undefined;
    }
  };

  const handle = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const note: Note = (...mistakes) => {
      if (mistakes.length > 0) violations.push({ request: `${request.method} ${request.url}`, mistakes });
    };
    try {
      const incoming = read(request, text, note);
      const outcome = incoming ? answer(incoming, note) : say(400, "Problems parsing JSON");
      if (incoming) log.push(describe(incoming, outcome.status));
      if (outcome === noAnswer) request.socket.destroy();
      else send(response, outcome, { ...rateHeaders(rate), "x-github-request-id": `TEST:${log.length}` });
    } catch (error) {
      note(`the server failed: ${String(error instanceof Error ? error.stack : error)}`);
      send(response, say(500, "Server Error"), {});
    }
  };

  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => handle(request, response, Buffer.concat(pieces).toString("utf8")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    violations,
    log,
    disturb: (on, trouble, times = 1) => {
      disturbances.push({ on, trouble, left: times });
    },
    limit: (requests, resetsIn) => {
      rate = { limit: requests, used: 0, reset: inSeconds(resetsIn) };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function inSeconds(seconds: number): number {
  return Math.ceil(Date.now() / 1000 + seconds);
}

function say(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Outcome {
  return { status, body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) }, headers };
}

function describe({ method, asked, match, token, body }: Incoming, status: number): Logged {
  const operation = match?.operation.id ?? (asked.pathname.endsWith("/graphql") ? "graphql" : undefined);
  return { method, path: `${asked.pathname}${asked.search}`, operation, by: token?.person.login, body, status };
}

function rateHeaders({ limit, used, reset }: Rate): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - used)),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}

function send(response: ServerResponse, { status, body, headers }: Outcome, common: Readonly<Record<string, string>>): void {
  const raw = Buffer.isBuffer(body);
  const type = raw ? "application/vnd.github.raw+json; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...common, ...headers });
  response.end(body === undefined ? "" : raw ? body : JSON.stringify(body));
}

/** What the operation says, before its answer is completed and judged. */
function decide(repository: Repository, rate: Rate, match: Match, token: Token, body: JsonRecord, raw: boolean): Told {
  const { id } = match.operation;
  if (id === "rate-limit/get") {
    const core = { limit: rate.limit, used: rate.used, remaining: Math.max(0, rate.limit - rate.used), reset: rate.reset };
    return { status: 200, body: { resources: { core, search: core }, rate: core } };
  }
  if (id === "users/get-authenticated") {
    // An installation is no user. https://docs.github.com/rest/users/users#get-the-authenticated-user
    return token.app ? refuse(403, "Resource not accessible by integration") : { status: 200, body: sayPerson(token.person) };
  }
  const route = routes[id];
  if (!route) throw new Error(`${id} is described and not played`);
  const { owner, repo } = match.parameters;
  const here = `${owner}/${repo}`.toLowerCase() === repository.fullName.toLowerCase();
  if (!here || token.person.permission === "none") return refuse(404, "Not Found");
  const covered = route.needs.some(([scope, level]) => {
    const held = scope === "metadata" ? "read" : token.scopes[scope];
    return held === "write" || held === level;
  });
  if (!covered)
    return refuse(403, token.app ? "Resource not accessible by integration" : "Resource not accessible by personal access token");
  return route.answer({ repository, token, parameters: match.parameters, body, raw });
}

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function cutPage(
  told: Extract<Told, { readonly list: unknown }>,
  parameters: Readonly<Record<string, string>>,
  asked: URL,
): { readonly body: Json; readonly headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, Number(parameters.per_page ?? 30)));
  const number = Math.max(1, Number(parameters.page ?? 1));
  const last = Math.max(1, Math.ceil(told.list.length / size));
  const items = told.list.slice((number - 1) * size, number * size);
  const link = (to: number, rel: string): string => {
    const target = new URL(asked);
    target.searchParams.set("page", String(to));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
    ...(number > 1 ? [link(1, "first")] : []),
  ];
  const body = told.under === undefined ? items : { total_count: told.list.length, [told.under]: items };
  return { body, headers: links.length > 0 ? { link: links.join(", ") } : {} };
}

function finish(match: Match, status: number, body: Json | undefined, note: Note, headers: Readonly<Record<string, string>> = {}): Outcome {
  const schema = status < 300 ? answerSchema(match.operation, status) : undefined;
  const whole = body !== undefined && schema ? complete(schema, body) : body;
  note(...listAnswerMistakes(match.operation, status, whole).map((one) => `our answer ${status}: ${one}`));
  return { status, body: whole, headers };
}

/** By https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function refuseFor(trouble: Trouble): Outcome {
  switch (trouble.kind) {
    case "status":
      return say(trouble.status, "Server Error");
    case "secondary-limit": {
      const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
      return say(trouble.status ?? 403, message, { "retry-after": String(trouble.retryAfter) });
    }
    case "primary-limit": {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(inSeconds(trouble.resetsIn)) };
      return say(trouble.status ?? 403, "API rate limit exceeded for installation ID 1.", headers);
    }
    default:
      return noAnswer;
  }
}

/** The one question in GraphQL that is played: who signs. An installation's token gives its bot. https://docs.github.com/graphql/reference/queries#viewer */
function answerGraphql(token: Token, body: Json | undefined, note: Note): Json {
  const query = isRecord(body) ? String(body.query) : "";
  const fields = /^\s*(?:query\s*\w*\s*)?\{\s*viewer\s*\{\s*([\w\s]+)\}\s*\}\s*$/.exec(query)?.[1]?.trim().split(/\s+/);
  const known: JsonRecord = {
    login: token.person.login,
    databaseId: token.person.id,
    id: `U_${token.person.id}`,
    __typename: token.person.type,
  };
  const foreign = fields?.filter((field) => !(field in known));
  if (!fields || foreign?.length) {
    note(`not a query that is played: ${query}`);
    return { errors: [{ type: "undefinedField", message: "Field doesn't exist" }] };
  }
  return { data: { viewer: Object.fromEntries(fields.map((field) => [field, known[field] ?? null])) } };
}
