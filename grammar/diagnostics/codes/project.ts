// Diagnostic codes of the project around the sources: files, koine.yaml, koine.lock, inputs from the command line (K40xx).

import type { CodeInfo } from "../code-info.ts";

export const projectCodes = {
  K4001: {
    title: "no sources",
    explanation:
      "The folder holds no `*.koine` file, so there is no stack to work on.\n\nAll `*.koine` files of one folder are one stack. Go to the stack's folder, name it with `-C DIR`, or start one with `koine init`.",
  },
  K4002: {
    title: "source file that cannot be read",
    explanation:
      "A `*.koine` file is not a regular file, is larger than 16 MiB, is not UTF-8, or is a link that leads out of the repository.\n\nKoine reads regular files inside the repository only, so that a plan for somebody else's change cannot read other files of the machine.",
  },
  K4003: {
    title: "koine.yaml that is not valid YAML",
    explanation:
      "`koine.yaml` could not be parsed. The message is the YAML parser's, with its place. Aliases (`*name`) and a second document (`---`) are refused: neither is needed here.",
  },
  K4004: {
    title: "unknown or ill-typed entry in koine.yaml",
    explanation:
      "`koine.yaml` knows `state`, `inputs`, `inputs_from`, `budget`, `require`, `apply`, `endpoints`, `allow_env`, `environments` and `ci`; an environment knows the same but the last two. An entry that is not known is refused rather than ignored: a typing mistake there would change what a plan is made from.",
  },
  K4005: {
    title: "unknown environment",
    explanation: "`--env NAME` names an environment that `koine.yaml` does not declare under `environments:`.",
  },
  K4006: {
    title: "state location that is not available",
    explanation:
      "`state:` names a store that this version does not have. Available: `sqlite:PATH`, relative to the folder of `koine.yaml`.",
  },
  K4007: {
    title: "malformed --set",
    explanation:
      '`--set` takes `NAME=VALUE`, for example `--set replicas=3`. Lists, maps and objects are written as JSON: `--set \'zones=["a","b"]\'`.',
  },
  K4008: {
    title: "secret input without a value",
    explanation: "`inputs_from` takes the value of an input from an environment variable, and that variable is not set.",
  },
  K4009: {
    title: "koine.lock that cannot be read",
    explanation: "`koine.lock` is not valid. Restore it from version control, or remove it and run `koine lock` to pin anew.",
  },
  K4010: {
    title: "image alias that the cloud does not know",
    explanation: "The cloud was asked which image an alias stands for, and knew none for this region and architecture.",
  },
  K4011: {
    title: "inputs file that cannot be read",
    explanation: "`--inputs FILE` names a YAML or JSON file whose top level maps input names to values.",
  },
  K4012: {
    title: "environment variable that may not be read",
    explanation:
      "In a pipeline, `inputs_from: { NAME: env:VARIABLE }` reads only variables that `allow_env` lists in the `koine.yaml` of the base revision. The environment of a pipeline holds more than the stack is to know: tokens of the host, credentials of the clouds.\n\nAdd the variable to `allow_env` and merge that first; a change cannot permit itself.",
  },
} as const satisfies Record<string, CodeInfo>;
