// The embedded EC2's refusals: a code, a message and an HTTP status, as the vendor words them.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

export class Ec2Error extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "Ec2Error";
    this.code = code;
    this.status = status;
  }
}

/** Refuses the request. Client errors are 400 unless told; the message names the offender. */
export function refuse(code: string, message: string, status = 400): never {
  throw new Ec2Error(code, message, status);
}

/** A parameter's value is not one that EC2 takes. */
export function refuseValue(parameter: string, value: unknown, reason?: string): never {
  refuse(
    "InvalidParameterValue",
    `Value (${String(value)}) for parameter ${parameter} is invalid.${reason === undefined ? "" : ` ${reason}`}`,
  );
}
