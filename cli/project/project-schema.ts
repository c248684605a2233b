// The JSON Schema of koine.yaml, for editors: what project-file.ts takes, in the words of another tool. Judges nothing itself; a test holds the two together.

import { applyTimes, requirements } from "./project-settings.ts";

/** What may stand at the top and in an environment alike; the environment's entry wins. */
const common = {
  state: {
    description:
      "Where the state is. `sqlite:PATH` for one machine, `postgres://USER@HOST:PORT/DATABASE?state=NAME` for teams and pipelines. A password comes from PGPASSWORD, never from here.",
    type: "string",
    examples: ["sqlite:.koine/state.db", "postgres://koine@db.example.com/koine?state=shop&sslmode=verify-full"],
  },
  inputs: { description: "Values of inputs. Never secrets.", type: "object" },
  inputs_from: {
    description: "Inputs whose values come from environment variables: `env:NAME`.",
    type: "object",
    additionalProperties: { type: "string", pattern: "^env:[A-Za-z_][A-Za-z0-9_]*$" },
  },
  budget: {
    description: "What goes beyond is refused with exit code 5, in a pipeline and by hand.",
    type: "object",
    properties: {
      max_destroy: {
        description: "Objects that one run may delete or replace. `--max-destroy N` lifts it for one run.",
        type: "integer",
        minimum: 0,
      },
      max_monthly_increase: { description: "USD a month, by estimate.", type: "number", minimum: 0 },
    },
    additionalProperties: false,
  },
  require: {
    description: "Which plans `koine ci apply` carries out only after an approving review of exactly that plan.",
    enum: requirements,
  },
  apply: { description: "Whether `koine ci apply` works after the merge or before it.", enum: applyTimes },
  endpoints: {
    description: "Endpoints outside a vendor's own domains that a source may name, by provider.",
    type: "object",
    additionalProperties: { type: "array", items: { type: "string", pattern: "^https://" } },
  },
  allow_env: {
    description: "The environment variables that `inputs_from` may read under `koine ci`.",
    type: "array",
    items: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
  },
};

export const koineYamlSchema = {
  description: "Settings of a stack, beside its sources. Nothing here runs code, and an entry that is not known is a mistake.",
  type: ["object", "null"],
  properties: {
    ...common,
    environments: {
      description: "What differs by environment; `--env NAME` chooses one. Each has a state of its own.",
      type: "object",
      propertyNames: { pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" },
      additionalProperties: { type: "object", properties: common, additionalProperties: false },
    },
    ci: {
      description: "What `koine ci` works on.",
      type: "object",
      properties: {
        environments: { description: "In this order; all that are declared, unless said.", type: "array", items: { type: "string" } },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};
