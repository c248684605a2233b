// Who a token of GitHub writes as, asked once. GITHUB_TOKEN and other installation tokens may not read `GET /user`; GraphQL's `viewer` answers all of them,
// with the bot's own login: `github-actions[bot]`, `SLUG[bot]`. No person can have a login with brackets.
// https://docs.github.com/en/graphql/reference/queries#viewer

import { askGithub, type GithubClient } from "./github-client.ts";

export interface GithubIdentity {
  /** Whether this user of an answer is us. */
  isOwn(user: { readonly login: string; readonly id: number | bigint } | null | undefined): boolean;
  /** The app whose checks are ours; undefined for a person's token, which can write no check. */
  readonly app?: string;
}

const bot = "[bot]";

/** Throws `HostError` where the token is refused. */
export async function readIdentity({ graphql }: GithubClient): Promise<GithubIdentity> {
  const { viewer } = await askGithub("the token's identity could not be read", "contents: read", () =>
    graphql<{ readonly viewer: { readonly login: string; readonly databaseId: number | null } }>("query { viewer { login databaseId } }"),
  );
  const login = viewer.login.toLowerCase();
  return {
    isOwn: (user) => {
      if (!user || user.login.toLowerCase() !== login) return false;
      return viewer.databaseId === null || Number(user.id) === viewer.databaseId;
    },
    ...(login.endsWith(bot) ? { app: login.slice(0, -bot.length) } : {}),
  };
}
