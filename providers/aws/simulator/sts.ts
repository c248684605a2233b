// The one call of STS that tools make to learn whose credentials they hold. The embedded EC2 answers it at the same address.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html

import { refuse } from "./errors.ts";

export function answerSts(form: URLSearchParams, account: string): string {
  const action = form.get("Action");
  if (action !== "GetCallerIdentity")
    refuse("InvalidAction", `Could not find operation ${action} for version 2011-06-15; the embedded STS has GetCallerIdentity only`);
  return (
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
    `<Arn>arn:aws:iam::${account}:user/simulated</Arn><UserId>AIDASIMULATED</UserId><Account>${account}</Account>` +
    `</GetCallerIdentityResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
  );
}
