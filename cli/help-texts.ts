// What `koine COMMAND --help` says beyond the flags: what the command does and promises, and how it is called. Data only.

/** By the command's full name, `state list`. */
export const helpTexts: Readonly<Record<string, { readonly about: string; readonly examples: readonly string[] }>> = {
  init: {
    about:
      "Writes a runnable stack, its koine.yaml, and a line in .gitignore; with --ci, the workflows that plan in a pull request and apply after the merge. Overwrites nothing without --force.",
    examples: ["koine init --template web", "koine -C infra/lab init --template lab", "koine init --ci github --koine acme/koine@v1"],
  },
  check: {
    about:
      "Compiles the stack and lowers it to its cloud, so that every mistake that can be known beforehand is told with its place and fix. Needs no credentials and no network; inputs may be missing.",
    examples: ["koine check", "koine check --format sarif > koine.sarif"],
  },
  plan: {
    about:
      "Compares the stack with the state and the clouds, and shows what an apply would send. Takes no lock and changes nothing on the clouds. Images and sizes that are not pinned yet are pinned in koine.lock.",
    examples: [
      "koine plan --simulate -o plan",
      "koine plan --env prod --detailed-exitcode",
      "koine plan --report report.json --html plan.html",
      "koine plan --target 'machine.web[0]'",
      "koine plan --refresh-only",
    ],
  },
  apply: {
    about:
      "With FILE: carries out exactly that plan, once, if what it was made from still holds. Without: plans, asks, and applies; with --approved, only the changes with that digest, and asks nobody. Interrupted, it finishes what is in flight and exits 130; the next apply does the rest.",
    examples: [
      "koine apply --simulate plan",
      "koine apply --yes --lock-timeout 5m",
      "koine apply --yes --events events.ndjson",
      "koine apply --approved sha256:… --report report.json",
    ],
  },
  destroy: {
    about: "Plans the removal of all that is under management, asks, and carries it out. What is marked `@protect` is refused.",
    examples: ["koine destroy --simulate --yes"],
  },
  status: {
    about: "Tells what is under management and how the last run ended, from the state alone. With --drift it asks the clouds what differs.",
    examples: ["koine status", "koine status --drift --format json"],
  },
  output: {
    about: "Prints what the last apply gave. A secret is told only when it is asked for by its name.",
    examples: ["koine output", "koine output urls --json", "koine output password --raw"],
  },
  show: {
    about: "Prints what a plan file says, or a report of `koine plan --report`. Asks no cloud and needs no sources.",
    examples: ["koine show plan", "koine show plan --format json", "koine show report.json --format markdown"],
  },
  lower: {
    about:
      "Prints the native objects that the stack becomes, so that the common language hides nothing; with --prices what they cost in a month, an estimate by list prices, there and on the other clouds. Asks no cloud.",
    examples: ["koine lower", "koine lower --on aws --format json", "koine lower --prices"],
  },
  lock: {
    about:
      "Pins what image aliases and sizes stand for, exactly, in koine.lock. A pin never changes by itself; --update chooses anew. Commit the file.",
    examples: ["koine lock", "koine lock --check", "koine lock --update ubuntu-24.04"],
  },
  simulate: {
    about:
      "Serves the embedded clouds over the world that --simulate runs of this folder use, and prints the environment for the vendors' own tools on stdout. Runs until Ctrl-C; the world stays.",
    examples: ["koine simulate --port 4566", "koine simulate --faults faults.yaml", "koine simulate --reset"],
  },
  state: {
    about:
      "Looks at what is under management, and mends it. No command here changes a cloud; each that writes takes the lock and makes a new serial, so that `state rollback` can undo it.",
    examples: ["koine state list", "koine state show 'machine.web[0]'"],
  },
  "state list": {
    about: "Prints each object under management, with its type and id.",
    examples: ["koine state list --format json", "koine state list --serial 12"],
  },
  "state show": {
    about: "Prints the objects of a resource with their props and attributes.",
    examples: ["koine state show network.main", "koine state show network.main --serial 12"],
  },
  "state history": {
    about:
      "Prints the serials of the state, newest first: when and by what each was made, and how many objects it added, changed and removed.",
    examples: ["koine state history", "koine state history --limit 5 --format json"],
  },
  "state rollback": {
    about:
      "Undoes what commands did to the rows since an earlier serial, as a new serial. Objects that runs made since stay under management, because they are still there. Refused while requests are in flight or unresolved.",
    examples: ["koine state rollback 12", "koine state rollback 12 --yes"],
  },
  "state pull": {
    about: "Prints the whole state as one JSON document, docs/schemas/state.schema.json. Secrets stay digests, or sealed.",
    examples: ["koine state pull > state.json"],
  },
  "state push": {
    about:
      "Makes a pulled document the state, as a new serial. It must be of the same lineage (a state that holds nothing takes any) and not be older. Objects that it does not have are let go of, never destroyed.",
    examples: ["koine state push state.json", "koine state push - --yes < state.json"],
  },
  "state mv": {
    about:
      "Gives a resource, a family of instances or one object (`<address>:<role>`) another address. Write `@was` in the source instead where you can: it is reviewed and applied like any other change.",
    examples: ["koine state mv network.main network.core", "koine state mv machine.web machine.app --yes"],
  },
  "state rm": {
    about:
      "Stops managing objects; they stay where they are, and no later plan destroys them. Like `@forget`, for what the source does not name any more.",
    examples: ["koine state rm address.old", "koine state rm 'machine.web[2]' disk.data --yes"],
  },
  "state settle": {
    about:
      "Without a decision: lists the requests whose outcome is not known, and why. With --is or --never it decides about one. What --is names is looked at first: it must exist, be of that type, and belong to nobody else.",
    examples: [
      "koine state settle",
      "koine state settle network.main --is vpc-0a1b2c3d",
      "koine state settle 'address.ip:eip' --never --yes",
    ],
  },
  "state unlock": {
    about: "Removes the lock of a run that is surely gone. If it is not, it is stopped at its next write, and nothing of it is lost.",
    examples: ["koine state unlock", "koine state unlock --yes"],
  },
  ci: {
    about:
      "What a pipeline runs: plans of a change for its reviewers, and the apply of what they saw. Works in GitHub Actions, in GitLab CI, and by hand in any git repository. docs/ci.md has the workflows.",
    examples: ["koine ci plan --base main", "koine ci apply"],
  },
  "ci plan": {
    about:
      "Finds the stacks that a change touches, plans each in its environments, and shows the plans: a comment and a check for each on the host, artefacts in a folder. State, endpoints, inputs_from and budgets come from the koine.yaml of the base. The sources of a fork are compared with the base alone, without secrets, and nothing is posted.",
    examples: ["koine ci plan --base origin/main", "koine ci plan --env staging,prod --out plans", "koine ci plan --base main --simulate"],
  },
  "ci comment": {
    about:
      "Posts the comments of a run that could post none, such as one of a fork, from its artefacts. Belongs into a workflow of its own that checks nothing out. What the artefacts say is shown as a claim, and never counts as a plan that was shown.",
    examples: ["koine ci comment --from koine-ci"],
  },
  "ci apply": {
    about:
      "Plans what was merged again and applies it if the digest of its changes is one that was shown, and approved where koine.yaml requires it. Otherwise it posts the new plan and exits 3; --approve with its digest applies that.",
    examples: ["koine ci apply", "koine ci apply --lock-timeout 5m", `koine ci apply --approve sha256:${"0".repeat(64)}`],
  },
  "ci drift": {
    about:
      "Plans every stack, and keeps one open issue for each whose clouds differ from its source. An issue is closed when nothing differs any more.",
    examples: ["koine ci drift", "koine ci drift --detailed-exitcode"],
  },
  explain: { about: "Prints the page of a diagnostic: what it means, an example, and the fix.", examples: ["koine explain K2107"] },
  version: { about: "Prints the version of Koine and of the Node it runs on.", examples: ["koine version"] },
};

export const programHelp = `
Exit codes:
  0    done; with --detailed-exitcode: no change
  1    failed, and nothing was changed
  2    with --detailed-exitcode: there are changes
  3    the plan is stale, and nothing was changed
  4    partly done or unresolved; recorded, run again
  5    refused by protection
  64   the command line is not understood
  75   the state is locked
  130  interrupted (143: terminated); what was done is recorded

Environment:
  KOINE_KEY              the key that seals secrets: 32 bytes in hex or base64
  KOINE_SIMULATE_DELAYS  how slow the embedded clouds are: realistic, short, none
  KOINE_SIMULATE_FAULTS  a fault plan for the embedded clouds, as YAML
  NO_COLOR, CI           plain text; with CI, no questions and no live progress

docs/cli.md is the reference.`;
