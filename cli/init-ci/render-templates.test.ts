import { expect, test } from "vitest";
import { parse } from "yaml";
import { actionInputs } from "../action-inputs.ts";
import { renderCiFiles } from "./render-templates.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean; readonly queue?: string };
  readonly strategy?: {
    readonly "max-parallel": number;
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const values = {
  branch: "trunk",
  deployments: [
    { name: "staging", environment: "staging" },
    { name: "prod", environment: "prod" },
  ],
  source: "acme/koine@v1",
};

const [main, comment] = renderCiFiles("github", values).map(({ text }) => ({ text, workflow: parse(text) as Workflow }));
if (!main || !comment) throw new Error("two workflows are expected");
const all = [main, comment];

function jobOf(workflow: Workflow, name: string): Job {
  const job = workflow.jobs[name];
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}

const koineStep = (job: Job): Step => {
  const step = job.steps.find(({ uses }) => uses === "acme/koine@v1");
  if (!step) throw new Error("no step runs Koine");
  return step;
};

test("nothing is left to be filled in", () => {
  for (const { text } of [...renderCiFiles("github", values), ...renderCiFiles("gitlab", { ...values, source: "koine@1.0.0" })])
    expect(text).not.toMatch(/@[A-Z]+@/);
});

test("where Koine comes from is no name of anybody unless it was said", () => {
  const { source: _, ...unsaid } = values;
  for (const { text } of renderCiFiles("github", unsaid)) expect(text).toContain("uses: <owner>/koine@<release>\n");
  expect(renderCiFiles("gitlab", unsaid)[0]?.text).toContain('KOINE_PACKAGE: "<package>@<version>"');
});

test("no workflow runs with a change's sources and this repository's rights", () => {
  for (const { text, workflow } of all) {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(workflow.permissions).toEqual({});
    // Text of others in a script would be run.
    expect(text).not.toMatch(/^\s*(?:- )?run:/m);
  }
  // The one that runs for a fork with the right to write has none of its sources, no secret and no role.
  const job = jobOf(comment.workflow, "comment");
  expect(Object.keys(comment.workflow.on)).toEqual(["workflow_run"]);
  expect(comment.workflow.on.workflow_run).toEqual({ workflows: [main.workflow.name], types: ["completed"] });
  expect(job.steps.some(({ uses }) => uses?.startsWith("actions/checkout"))).toBe(false);
  expect(JSON.stringify(job)).not.toMatch(/secrets\.|id-token|contents/);
  expect(job.permissions).toEqual({ actions: "read", "pull-requests": "write" });
  expect(job.steps[0]?.with?.path).toMatch(/^\$\{\{ runner\.temp \}\}/);
});

test("a fork's job has no secret, no token of a cloud and no right to write", () => {
  const job = jobOf(main.workflow, "plan-fork");
  expect(job.permissions).toEqual({ contents: "read" });
  expect(JSON.stringify(job)).not.toMatch(/secrets\.|vars\.|id-token|configure-aws|auth@|azure/);
  expect(koineStep(job).with).toMatchObject({ command: "plan", comment: false });
  const own = jobOf(main.workflow, "plan");
  // Each pull request has exactly one of the two.
  expect(own.if).toContain("github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]'");
  expect(job.if).toContain("github.event.pull_request.head.repo.full_name != github.repository || github.actor == 'dependabot[bot]'");
  const artefact = job.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact"));
  expect(artefact?.with?.name).toBe(jobOf(comment.workflow, "comment").steps[0]?.with?.name);
});

test("each job has the rights it needs, and no more", () => {
  const rights = Object.fromEntries(Object.entries(main.workflow.jobs).map(([name, { permissions }]) => [name, permissions]));
  expect(rights).toEqual({
    plan: { contents: "read", "pull-requests": "write", checks: "write", "id-token": "write" },
    "plan-fork": { contents: "read" },
    apply: { contents: "read", "pull-requests": "write", checks: "write", "id-token": "write" },
    drift: { contents: "read", issues: "write", "id-token": "write" },
  });
  for (const job of Object.values(main.workflow.jobs)) {
    const checkout = job.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkout?.with).toEqual({ "fetch-depth": 0, "persist-credentials": false });
    for (const input of Object.keys(koineStep(job).with ?? {})) expect(actionInputs).toContain(input);
  }
});

test("only the apply job has the roles that write, from one branch, in an environment, one at a time and none dropped", () => {
  const job = jobOf(main.workflow, "apply");
  expect(main.workflow.on.push).toEqual({ branches: ["trunk"] });
  expect(job.if).toContain("github.ref == 'refs/heads/trunk'");
  expect(job.environment).toBe("${{ matrix.deployment }}");
  expect(job.strategy).toMatchObject({
    "max-parallel": 1,
    matrix: {
      include: [
        { deployment: "staging", koine: "staging" },
        { deployment: "prod", koine: "prod" },
      ],
    },
  });
  expect(job.concurrency).toEqual({ group: "koine-apply-${{ matrix.deployment }}", "cancel-in-progress": false, queue: "max" });
  expect(koineStep(job).with).toMatchObject({ command: "apply", approve: "${{ inputs.approve }}" });
  for (const [name, other] of Object.entries(main.workflow.jobs)) {
    const writes = /APPLY/.test(JSON.stringify(other));
    expect([name, writes]).toEqual([name, name === "apply"]);
    expect([name, /_PLAN_/.test(JSON.stringify(other))]).toEqual([name, name === "plan" || name === "drift"]);
  }
  expect(Object.keys(main.workflow.on)).toEqual(["pull_request", "merge_group", "push", "schedule", "workflow_dispatch"]);
});

test("actions are named by a major version, and the file says how to pin them", () => {
  const used = all.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap((job) => job.steps.map(({ uses }) => uses ?? "")));
  for (const uses of used) expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@v\d+$/);
  expect(main.text).toContain("git ls-remote");
});

interface GitlabJob {
  readonly extends?: string;
  readonly stage?: string;
  readonly rules?: readonly { readonly if: string }[];
  readonly id_tokens?: object;
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly resource_group?: string;
  readonly environment?: { readonly name: string };
  readonly parallel?: { readonly matrix: readonly Readonly<Record<string, string>>[] };
}

test("GitLab: a fork's job has no token, and only the protected branch's job may write", () => {
  const jobs = parse(renderCiFiles("gitlab", { ...values, source: "koine@1.0.0" })[0]?.text ?? "") as Readonly<Record<string, GitlabJob>>;
  const fork = jobs["koine-plan-fork"];
  expect(fork?.extends).toBe(".koine");
  expect(jobs[".koine"]?.id_tokens).toBeUndefined();
  expect(fork?.rules).toEqual([
    { if: '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_MERGE_REQUEST_PROJECT_ID' },
  ]);
  expect(fork?.script?.join("\n")).toContain("--no-comment");
  const apply = jobs["koine-apply"];
  expect(apply?.rules?.[0]?.if).toContain("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH");
  expect(apply?.resource_group).toBe("koine-$KOINE_DEPLOYMENT");
  expect(apply?.environment).toEqual({ name: "$KOINE_DEPLOYMENT" });
  expect(apply?.parallel?.matrix.map((entry) => entry.KOINE_ENVIRONMENT)).toEqual(["staging", "prod"]);
  expect(apply?.variables).toEqual({ KOINE_MAY: "write" });
  for (const name of ["koine-plan", "koine-drift"]) expect(jobs[name]?.variables).toEqual({ KOINE_MAY: "read" });
  expect(Object.keys(jobs[".credentials"]?.id_tokens ?? {})).toEqual(["KOINE_AWS_TOKEN", "KOINE_GCP_TOKEN", "KOINE_AZURE_TOKEN"]);
  expect(JSON.stringify(jobs)).toContain("merge_train");
});
