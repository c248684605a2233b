// An instance of Compute Engine: made in one request with its disks and its interface, changed in place where the API allows it.
// https://cloud.google.com/compute/docs/reference/rest/v1/instances

import { instances } from "../collections.ts";
import { defineHandler } from "../handler.ts";
import type { Instance } from "../operations.ts";
import { instanceDiskRequests } from "./instance-disk-requests.ts";
import { completeInstances, describeInstance } from "./instance-reading.ts";
import { instanceRequests } from "./instance-requests.ts";
import { instanceSchema } from "./instance-schema.ts";
import { instanceSteps } from "./instance-steps.ts";

export const instance = defineHandler<Instance>({
  schema: instanceSchema,
  collection: instances,
  marksIn: ["labels"],
  naturalPath: ({ name, zone }, { client }) =>
    typeof name === "string" && typeof zone === "string" ? `projects/${client.project}/zones/${zone}/instances/${name}` : undefined,
  steps: instanceSteps,
  requests: { ...instanceRequests, ...instanceDiskRequests },
  describe: describeInstance,
  complete: completeInstances,
  // Its operation has ended by now; what is left is the boot.
  settled: (asked, row) =>
    asked.operation === "gcp:instances.insert" && (row.status === "PROVISIONING" || row.status === "STAGING")
      ? { pending: row.status.toLowerCase() }
      : "ready",
});
