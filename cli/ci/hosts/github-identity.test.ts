import { expect, test } from "vitest";
import type { GithubClient } from "./github-client.ts";
import { type GithubIdentity, readIdentity } from "./github-identity.ts";

function identify(login: string, databaseId: number | null): Promise<GithubIdentity> {
  return readIdentity({ graphql: async () => ({ viewer: { login, databaseId } }) } as unknown as GithubClient);
}

test("ours is what has our login and our id", async () => {
  const own = await identify("github-actions[bot]", 41898282);
  expect(own.app).toBe("github-actions");
  expect(own.isOwn({ login: "GitHub-Actions[bot]", id: 41898282 })).toBe(true);
  // A login that was given up can be taken by another.
  expect(own.isOwn({ login: "github-actions[bot]", id: 7 })).toBe(false);
  expect(own.isOwn({ login: "another-app[bot]", id: 41898282 })).toBe(false);
  expect(own.isOwn(null)).toBe(false);
});

test("a person has no app; without an id the login decides", async () => {
  const own = await identify("ada", null);
  expect(own.app).toBeUndefined();
  expect(own.isOwn({ login: "ada", id: 1 })).toBe(true);
});
