// An EC2 instance: launched in one request with its disks and its interface, observed through as few calls as the API allows, changed in place
// where EC2 can. A terminated instance stays listed for a while and is absent all the same.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html

import type { Instance } from "@aws-sdk/client-ec2";
import { defineHandler } from "../handler.ts";
import { completeInstances, describeInstance, readInstances } from "./instance-reading.ts";
import { instanceRequests } from "./instance-requests.ts";
import { instanceSchema } from "./instance-schema.ts";
import { settleInstance } from "./instance-settled.ts";
import { instanceSteps } from "./instance-steps.ts";

export const instance = defineHandler<Instance>({
  schema: instanceSchema,
  steps: instanceSteps,
  requests: instanceRequests,
  idFilter: "instance-id",
  pollEvery: 1_500,
  read: readInstances,
  describe: describeInstance,
  complete: completeInstances,
  settled: settleInstance,
});
