// The tests' GitLab, asked by the real client.

import { Gitlab } from "@gitbeaker/rest";
import { expect, test } from "vitest";
import { openGitlab } from "./server.ts";

test("every operation is answered as the client expects it", async () => {
  const gitlab = await openGitlab({ files: { "main.koine": "stack shop\n" } });
  const api = new Gitlab({ host: gitlab.url, token: gitlab.token("project_77_bot") });
  const head = gitlab.pushBranch("more", { "main.koine": "stack shop\n# more\n" });
  const { iid } = gitlab.openRequest("more");
  gitlab.approve(iid, "reviewer");

  expect((await api.Users.showCurrentUser()).username).toBe("project_77_bot");
  const [reviewer] = await api.Users.all({ username: "reviewer" });
  expect((await api.ProjectMembers.show(77, reviewer?.id ?? 0, { includeInherited: true })).access_level).toBe(30);
  expect((await api.MergeRequests.show(77, iid)).sha).toBe(head);
  expect(await api.MergeRequests.all({ projectId: 77, state: "opened", sourceBranch: "more", scope: "all" })).toHaveLength(1);
  expect((await api.MergeRequestApprovals.showConfiguration(77, { mergerequestIId: iid })).approved_by?.[0]?.user.username).toBe(
    "reviewer",
  );
  expect((await api.MergeRequests.allDiffVersions(77, iid))[0]?.head_commit_sha).toBe(head);
  for (let index = 0; index < 25; index += 1) gitlab.note(iid, "stranger", `note ${index}`);
  const note = await api.MergeRequestNotes.create(77, iid, "first");
  await api.MergeRequestNotes.edit(77, iid, note.id, { body: "second" });
  // Two pages, the system's own note among them.
  expect(await api.MergeRequestNotes.all(77, iid, { sort: "asc", orderBy: "created_at" })).toHaveLength(27);
  await api.MergeRequestNotes.remove(77, iid, note.id);
  await expect(api.MergeRequestNotes.create(77, iid, "x".repeat(1_000_001))).rejects.toThrow("is too long");
  const theirs = gitlab.notes(iid)[1];
  await expect(api.MergeRequestNotes.edit(77, iid, theirs?.id ?? 0, { body: "taken" })).rejects.toThrow("403");
  await api.CommitDiscussions.create(77, head, "a record");
  expect((await api.CommitDiscussions.all(77, head))[0]?.notes?.[0]?.body).toBe("a record");
  const issue = await api.Issues.create(77, "Drift", { description: "d", labels: "koine" });
  await api.Issues.edit(77, issue.iid, { stateEvent: "close" });
  expect(await api.Issues.all({ projectId: 77, state: "opened", labels: "koine", scope: "all" })).toHaveLength(0);
  const { after } = gitlab.merge(iid, true);
  expect((await api.Commits.allMergeRequests(77, after)).map((one) => one.iid)).toEqual([iid]);
});
