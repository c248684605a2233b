// What a child of `koine ci` sees of the environment. Sources of a change request choose what is compiled, never what may be read: tokens of the host stay
// here, and where a fork's sources are compiled nothing is handed over but what a program needs to run.

type Variables = Readonly<Record<string, string | undefined>>;

/** What any program needs, and what makes tests quick. */
const harmless = new Set([
  "PATH",
  "HOME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "LANG",
  "LC_ALL",
  "TZ",
  "NO_COLOR",
  "XDG_CACHE_HOME",
  // By this the runner finds what a cancelled job left running.
  "RUNNER_TRACKING_ID",
  "KOINE_SIMULATE_DELAYS",
  "KOINE_LEASE_MS",
  "KOINE_LATE_EFFECT_MS",
]);

/** Of the host: with these a child could speak in our name, or change what later steps do. */
const ours =
  /^(?:INPUT_.*|GITHUB_(?:TOKEN|OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)|GH_TOKEN|ACTIONS_RUNTIME_TOKEN|KOINE_GITLAB_TOKEN|GITLAB_TOKEN|CI_JOB_TOKEN|CI_REGISTRY_PASSWORD|CI_DEPLOY_PASSWORD)$/;

/** `fork`: an allow-list. Else all but the host's own tokens: credentials of the clouds, of the state, and what `inputs_from` names. */
export function childEnvironment(variables: Variables, trust: "own" | "fork"): Readonly<Record<string, string>> {
  const kept = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (trust === "fork" ? harmless.has(entry[0]) : !ours.test(entry[0])),
  );
  return { ...Object.fromEntries(kept), CI: "true" };
}
