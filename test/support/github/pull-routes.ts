// Pulls, as the tests' GitHub lists, shows and merges them: https://docs.github.com/rest/pulls

import { sayCommit, sayFile, sayPull, sayReview } from "./answers.ts";
import { markMerged, mergeOnto, type Pull } from "./model.ts";
import { type Asked, missing, numberOf, type Route, read, refuse, sortAsked, type Told, write } from "./told.ts";

function withPull(asked: Asked, then: (pull: Pull) => Told): Told {
  const pull = asked.repository.pulls.get(numberOf(asked, "pull_number"));
  return pull ? then(pull) : missing;
}

function mergePull(asked: Asked): Told {
  const { repository, token, body } = asked;
  return withPull(asked, (pull) => {
    if (pull.state !== "open" || pull.testMerge === undefined) return refuse(405, "Pull Request is not mergeable");
    if (body.sha !== undefined && body.sha !== pull.headSha)
      return refuse(409, "Head branch was modified. Review and try the merge again.");
    const method = (body.merge_method ?? "merge") as "merge" | "squash" | "rebase";
    const words = body.commit_title === undefined ? undefined : [body.commit_title, body.commit_message].filter(Boolean).join("\n\n");
    const sha = mergeOnto(repository, pull, repository.git.find(`refs/heads/${pull.base}`) ?? "", method, token.person, words);
    if (sha === undefined) return refuse(405, "Pull Request is not mergeable");
    markMerged(repository, pull, sha, method, token.person);
    return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
  });
}

function listPulls(asked: Asked): Told {
  const { repository, parameters } = asked;
  const { state = "open", head, base } = parameters;
  const fitting = [...repository.pulls.values()].filter(
    (one) =>
      (state === "all" || one.state === state) &&
      (base === undefined || one.base === base) &&
      (head === undefined || head === `${(one.fork?.owner ?? repository.owner).login}:${one.branch}`),
  );
  const sorted = sortAsked(asked, fitting, parameters.sort === undefined || parameters.sort === "created" ? "desc" : "asc");
  return { list: sorted.map((one) => sayPull(repository, one, false)) };
}

/** The merged pull that brought it to the default branch; else open ones that hold it. */
function listPullsOfCommit(asked: Asked): Told {
  const { repository, parameters } = asked;
  const { git } = repository;
  const sha = git.find(parameters.commit_sha ?? "");
  if (sha === undefined) return refuse(422, `No commit found for SHA: ${parameters.commit_sha}`);
  const pulls = [...repository.pulls.values()];
  const onDefault = git.between(undefined, `refs/heads/${repository.defaultBranch}`).includes(sha);
  const holds = (pull: (typeof pulls)[number]): boolean =>
    git.between(git.mergeBase(pull.baseSha, pull.headSha), pull.headSha).includes(sha);
  const found = onDefault
    ? pulls.filter((one) => one.merged?.introduced.has(sha))
    : pulls.filter((one) => one.state === "open" && holds(one));
  return { list: found.map((one) => sayPull(repository, one, false)) };
}

/** By the description's names. */
export const pullRoutes: Readonly<Record<string, Route>> = {
  "repos/list-pull-requests-associated-with-commit": { needs: read("pull_requests"), answer: listPullsOfCommit },
  "pulls/list": { needs: read("pull_requests"), answer: listPulls },
  "pulls/get": {
    needs: read("pull_requests"),
    answer: (asked) => withPull(asked, (pull) => ({ status: 200, body: sayPull(asked.repository, pull, true) })),
  },
  "pulls/list-commits": {
    needs: read("pull_requests"),
    answer: (asked) =>
      withPull(asked, (pull) => {
        const { git } = asked.repository;
        const shas = git.between(git.mergeBase(pull.baseSha, pull.headSha), pull.headSha);
        return { list: shas.slice(0, 250).map((sha) => sayCommit(asked.repository, sha)) };
      }),
  },
  "pulls/list-files": {
    needs: read("pull_requests"),
    answer: (asked) =>
      withPull(asked, (pull) => {
        const { git } = asked.repository;
        const from = git.mergeBase(pull.baseSha, pull.headSha) ?? pull.baseSha;
        // At most 3,000 files. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
        return {
          list: git
            .changes(from, pull.headSha)
            .slice(0, 3_000)
            .map((file) => sayFile(asked.repository, pull.headSha, file)),
        };
      }),
  },
  "pulls/list-reviews": {
    needs: read("pull_requests"),
    answer: (asked) =>
      withPull(asked, (pull) => ({
        list: [...asked.repository.reviews.values()]
          .filter((one) => one.pull === pull.number)
          .map((one) => sayReview(asked.repository, one)),
      })),
  },
  "pulls/merge": { needs: write("contents"), answer: mergePull },
};
