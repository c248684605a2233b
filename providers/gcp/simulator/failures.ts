// How an operation that failed says so. https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation

import { writePath } from "./links.ts";
import type { AnyResourceRow, OperationRow } from "./rows.ts";

type Failure = NonNullable<OperationRow["error"]>;

/** Codes that the vendor documents, in its words; any other is an error of the server. */
export function describeFailure(code: string, target: AnyResourceRow): Failure {
  const project = target.realm;
  switch (code) {
    case "ZONE_RESOURCE_POOL_EXHAUSTED":
      return {
        code,
        message: `The zone 'projects/${project}/${target.scope}' does not have enough resources available to fulfill the request.  Try a different zone, or try again later.`,
        status: 503,
        phrase: "SERVICE UNAVAILABLE",
      };
    case "QUOTA_EXCEEDED":
      return { code, message: `Quota 'CPUS' exceeded.  Limit: 24.0 in region ${target.scope}.`, status: 403, phrase: "FORBIDDEN" };
    case "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE":
      return failInUse(target.kind.replace(/e?s$/, ""), target.id, writePath({ project, scope: target.scope }, target.kind, "another"));
    case "RESOURCE_NOT_READY":
      return { code, message: `The resource '${target.id}' is not ready`, status: 400, phrase: "BAD REQUEST" };
    default:
      return {
        code,
        message: `Internal error. Please try again or contact Google Support. (Code: '${code}')`,
        status: 500,
        phrase: "INTERNAL SERVER ERROR",
      };
  }
}

/** What a deletion meets that finds its object in use only when it is carried out. */
export function failInUse(sort: string, path: string, by: string): Failure {
  return {
    code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
    message: `The ${sort} resource '${path}' is already being used by '${by}'`,
    status: 400,
    phrase: "BAD REQUEST",
  };
}
