// An Elastic IP. AllocateAddress takes no client token and every call gives another address: only the mark tells whether it happened.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html

import type { Address } from "@aws-sdk/client-ec2";
import { ProviderError } from "../../../engine/provider/errors.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { known, map } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { pick } from "../../handlers/steps.ts";
import { blockersOfAddress } from "../blockers.ts";
import { incompleteAnswer } from "../errors.ts";
import { defineHandler } from "../handler.ts";
import { specifyTags } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { filter } from "../sweep.ts";
import { readAddresses } from "./read-addresses.ts";
import { quick, tagsProp } from "./schema-parts.ts";

const schema: NativeSchema = {
  type: "aws.ec2.Eip",
  version: 1,
  marks: "tags",
  props: { Domain: { type: "string", default: "vpc", immutable: true }, Tags: tagsProp },
  attributes: { AllocationId: { type: "string" }, PublicIp: { type: "string" } },
  timeouts: quick,
};

export const eip = defineHandler<Address>({
  schema,

  steps(change) {
    if (change.action === "delete") return [deleteStep("ReleaseAddress")];
    const create = change.id === undefined ? [createStep("AllocateAddress", pick(change.desired, ["Domain", "Tags"]), "marked")] : [];
    return [...create, ...tagSteps(schema, change)];
  },

  requests: {
    async AllocateAddress(call, body) {
      const input = { Domain: "vpc" as const, TagSpecifications: specifyTags("elastic-ip", call.marks, map(body, "Tags")) };
      const id = (await call.client.send("AllocateAddress", input, call.signal)).AllocationId;
      if (id === undefined) throw incompleteAnswer("AllocateAddress", "AllocationId");
      return { id };
    },

    async ReleaseAddress(call) {
      const AllocationId = ownId(call);
      try {
        await call.client.send("ReleaseAddress", { AllocationId }, call.signal);
      } catch (error) {
        throw error instanceof ProviderError ? await judgeRefusal(call, AllocationId, error) : error;
      }
      return {};
    },
  },

  idFilter: "allocation-id",
  read: readAddresses,
  describe: (row) =>
    row.AllocationId === undefined
      ? []
      : [
          {
            id: row.AllocationId,
            props: known({ Domain: row.Domain }),
            attributes: known({ AllocationId: row.AllocationId, PublicIp: row.PublicIp }),
            tags: row.Tags ?? [],
          },
        ],
  blockers: blockersOfAddress,
});

/**
 * An address that a NAT gateway or a load balancer still holds belongs to the service, and its release is refused as if a permission were missing.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
 */
async function judgeRefusal(call: Ec2Call, id: string, error: ProviderError): Promise<ProviderError> {
  if (error.details.vendorCode !== "AuthFailure") return error;
  const [row] = await readAddresses(call, [filter("allocation-id", id)]);
  const { hint: _, ...details } = error.details;
  return row?.AssociationId === undefined ? error : new ProviderError(error.message, { ...details, code: "dependency" }, error);
}
