// Looks at the operation that a change was acknowledged with. Compute Engine says there, and only there, why a change did not come about. Reads only.
// https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses#handling_api_responses

import type { Progress, Step } from "../../engine/provider/provider.ts";
import { readTogether } from "../handlers/read-together.ts";
import { describeFault, type OperationFault } from "./errors.ts";
import type { GceCall, Operation } from "./operations.ts";
import { nameOf, needLocation, pathOf } from "./paths.ts";
import { filterByNames, listPlain, namesPerFilter } from "./sweep.ts";

/** What an operation has come to: undefined once it is done and went well. */
export async function lookAtOperation(
  call: GceCall,
  step: Step,
  handle: string,
  retryAfter: number,
): Promise<Exclude<Progress, { kind: "done" }> | undefined> {
  const operation = await readOperation(call, handle);
  const [first, ...more] = faultsOf(operation);
  if (first !== undefined) return { kind: "failed", error: describeFault(first, step.operation, more), leaves: "nothing" };
  if (operation.status === "DONE") return undefined;
  return { kind: "pending", retryAfter, note: describeState(operation) };
}

/** An operation, read together with those of the same scope that are looked at just now: each change has one, and a project may read 25 a second. */
async function readOperation(call: GceCall, handle: string): Promise<Operation> {
  const { collection: _, name: __, ...scope } = needLocation(handle);
  const found = await readTogether(
    {
      owner: call.client,
      name: `operations of ${JSON.stringify(scope)}`,
      most: namesPerFilter,
      read: async (handles, signal) => readOperations({ ...call, signal }, handles),
    },
    handle,
    call.signal,
  );
  // One that the list does not show (yet) is asked for by itself; only then its absence is the cloud's word.
  return found.get(handle) ?? getOperation(call, handle);
}

/** Up to so many operations are asked for one by one. */
const few = 2;

async function readOperations(call: GceCall, handles: readonly string[]): Promise<ReadonlyMap<string, Operation>> {
  if (handles.length <= few) return new Map();
  const [first = ""] = handles;
  const { zone, region, project } = needLocation(first);
  const filter = filterByNames(handles.map(nameOf));
  const { rows } =
    zone !== undefined
      ? await listPlain<"zoneOperations.list", Operation>(call, "zoneOperations.list", { project, zone, filter }, `zones/${zone}`)
      : region !== undefined
        ? await listPlain<"regionOperations.list", Operation>(
            call,
            "regionOperations.list",
            { project, region, filter },
            `regions/${region}`,
          )
        : await listPlain<"globalOperations.list", Operation>(call, "globalOperations.list", { project, filter }, "global");
  return new Map(rows.flatMap((row) => (row.selfLink ? [[pathOf(row.selfLink), row] as const] : [])));
}

async function getOperation({ client, signal }: GceCall, handle: string): Promise<Operation> {
  const { project, zone, region, name } = needLocation(handle);
  if (zone !== undefined) return client.send("zoneOperations.get", { project, zone, operation: name }, signal);
  if (region !== undefined) return client.send("regionOperations.get", { project, region, operation: name }, signal);
  return client.send("globalOperations.get", { project, operation: name }, signal);
}

function faultsOf(operation: Operation): readonly OperationFault[] {
  const errors = (operation.error?.errors ?? []).map(({ code, message, errorDetails }) => {
    const quota = errorDetails?.find((detail) => detail.quotaInfo)?.quotaInfo;
    return { code: code ?? null, message: message ?? null, ...(quota ? { quota } : {}) };
  });
  if (errors.length > 0) return errors;
  const status = operation.httpErrorStatusCode ?? 0;
  if (operation.status !== "DONE" || status < 400) return [];
  return [{ code: String(status), message: operation.httpErrorMessage ?? null }];
}

function describeState({ status, statusMessage }: Operation): string {
  return statusMessage || String(status ?? "PENDING").toLowerCase();
}
