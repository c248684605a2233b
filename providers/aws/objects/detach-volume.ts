// Detaching a volume, and what EC2 says when it is detached already.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html

import { ProviderError } from "../../../engine/provider/errors.ts";
import type { Ec2Call } from "../operations.ts";

/** One request, without `Force`: a guest that still has it mounted loses nothing. Throws `not_found` when there is no such attachment. */
export async function detachVolume(call: Ec2Call, VolumeId: string, InstanceId: string): Promise<void> {
  try {
    await call.client.send("DetachVolume", { VolumeId, InstanceId }, call.signal);
  } catch (error) {
    // The same code stands for a state that passes and for "it is not attached"; only the message tells them apart.
    if (!(error instanceof ProviderError) || error.details.vendorCode !== "IncorrectState" || !/'?available'? state/.test(error.message))
      throw error;
    throw new ProviderError(error.message, { ...error.details, code: "not_found" }, error);
  }
}
