// The embedded GCE's refusals: an HTTP status, a reason and a message, in the JSON form of Google's APIs.
// https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-api-errors, https://cloud.google.com/apis/design/errors

export class GceError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly domain: string;

  constructor(status: number, reason: string, message: string, domain = "global") {
    super(message);
    this.name = "GceError";
    this.status = status;
    this.reason = reason;
    this.domain = domain;
  }
}

/** Refuses a request. `reason` is what clients tell errors apart by. */
export function refuse(status: number, reason: string, message: string): never {
  throw new GceError(status, reason, message);
}

/** A value that GCE does not take. */
export function refuseValue(field: string, value: unknown, why: string): never {
  refuse(400, "invalid", `Invalid value for field '${field}': '${typeof value === "object" ? "" : String(value)}'. ${why}`);
}

export function refuseAbsent(field: string): never {
  refuse(400, "required", `Required field '${field}' not specified`);
}

export function refuseMissing(path: string): never {
  refuse(404, "notFound", `The resource '${path}' was not found`);
}

/** Something that the vendor has and this simulator has not: never silently ignored. */
export function refuseUnimplemented(what: string): never {
  refuse(400, "invalid", `${what} is not implemented by the embedded GCE.`);
}

/** `sort` as in "The network resource …". */
export function refuseInUse(sort: string, path: string, by: string): never {
  refuse(400, "resourceInUseByAnotherResource", `The ${sort} resource '${path}' is already being used by '${by}'`);
}

export function refuseNotReady(path: string): never {
  refuse(400, "resourceNotReady", `The resource '${path}' is not ready`);
}

/** A fingerprint that is not the object's of now. */
export function refuseStale(message: string): never {
  refuse(412, "conditionNotMet", message);
}

/** An error as GCE writes it. */
export function encodeError(error: GceError): string {
  const { message, status: code, domain, reason } = error;
  return `${JSON.stringify({ error: { code, message, errors: [{ message, domain, reason }] } }, undefined, 2)}\n`;
}
