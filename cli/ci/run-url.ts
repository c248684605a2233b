// Where the run that is under way, and what it leaves, can be looked at.

/** The page of this run. */
export function findRunUrl(variables: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, CI_JOB_URL: job } = variables;
  if (server && repository && run && /^[0-9]+$/.test(run)) return `${server}/${repository}/actions/runs/${run}`;
  return job ? `${job}/artifacts/browse` : undefined;
}
