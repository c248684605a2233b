// One request against the world: decoded, checked, carried out, logged. Knows no HTTP; faults arrive as decisions already made.

import { carryOut } from "../../simulation/carry-out.ts";
import type { Play, RequestFacts } from "../../simulation/play.ts";
import { Ec2Error, refuse } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { findOperation } from "./operations.ts";
import { API_VERSION, decodeInput, encodeOutput } from "./protocol.ts";
import { REGIONS } from "./regions.ts";
import type { AnyRow } from "./rows.ts";
import { viewWorld, type WorldView } from "./world.ts";

export interface Caller {
  readonly account: string;
  readonly region: string;
}

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  /** The body of a success; the error otherwise. */
  readonly body: string | Ec2Error;
}

export interface Prepared {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Finds the operation and decodes its parameters. Throws the vendor's errors. */
export function prepareRequest(form: URLSearchParams, caller: Caller): Prepared {
  const name = form.get("Action") ?? refuse("MissingAction", "The request is missing an action or a required parameter.");
  const version = form.get("Version");
  if (version !== API_VERSION)
    refuse(
      "NoSuchVersion",
      `The requested version (${version}) of service AmazonEC2 does not exist; the embedded EC2 speaks ${API_VERSION}`,
    );
  if (REGIONS[caller.region] === undefined)
    refuse("AuthFailure", `Credential should be scoped to a valid region, not '${caller.region}'.`, 401);
  const operation = findOperation(name);
  if (operation === undefined)
    refuse("InvalidAction", `The action ${name} is not valid for this web service, or is not implemented by the embedded EC2.`);
  const { input, paths } = decodeInput(name, form);
  for (const path of paths) {
    if (!isAccepted(operation, path))
      refuse("InvalidParameterValue", `The parameter ${path} of ${name} is not implemented by the embedded EC2.`);
  }
  return { name, operation, input };
}

const accepted = new WeakMap<Operation, Map<string, boolean>>();

function isAccepted(operation: Operation, path: string): boolean {
  let known = accepted.get(operation);
  if (known === undefined) {
    known = new Map([["DryRun", true]]);
    accepted.set(operation, known);
  }
  let answer = known.get(path);
  if (answer === undefined) {
    answer = operation.accepts.some((one) => one === path || path.startsWith(`${one}.`));
    known.set(path, answer);
  }
  return answer;
}

/** What the log and the fault plan see of a request. */
export function describeRequest({ name, operation }: Prepared, caller: Caller, form: URLSearchParams): RequestFacts {
  return { operation: name, mutating: operation.mutating, ...caller, params: readParameters(form) };
}

/** Carries out a prepared request and logs it. */
export function performRequest(
  view: WorldView,
  caller: Caller,
  prepared: Prepared,
  form: URLSearchParams,
  now: number,
  play: Play = {},
): Answer {
  const { name, operation } = prepared;
  const input = (play.page === undefined ? prepared.input : { ...prepared.input, PageFault: play.page }) as never;
  return carryOut<AnyRow, object, Answer>(view.store, {
    facts: describeRequest(prepared, caller, form),
    now,
    play,
    run: () => {
      const output = operation.run(viewWorld(view, caller.account, caller.region, now, play), input);
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html: DryRun
      if (prepared.input.DryRun === true) refuse("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
      return output;
    },
    succeed: (output, requestId) => ({ status: 200, requestId, body: encodeOutput(name, output, requestId) }),
    readRefusal: (error) => (error instanceof Ec2Error ? error : undefined),
    refuse: (error, requestId) => ({ status: (error as Ec2Error).status, requestId, body: error as Ec2Error }),
    again: () => performRequest(view, caller, prepared, form, now, { fault: "twice" }),
  });
}

/** The log keeps what was asked, but no secrets: user data is its length. */
export function readParameters(form: URLSearchParams): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of form) {
    if (name === "Action" || name === "Version") continue;
    parameters[name] = /^UserData(\.Value)?$/.test(name) ? `(${value.length} characters)` : value;
  }
  return parameters;
}
