// How an instance's metadata may be read. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html

import type {
  InstanceMetadataOptionsRequest,
  InstanceMetadataOptionsResponse,
  ModifyInstanceMetadataOptionsRequest,
  ModifyInstanceMetadataOptionsResult,
} from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import { defineMutation } from "./operation.ts";
import { requireRow } from "./require.ts";
import type { MetadataOptions } from "./rows.ts";

type Asked = Omit<InstanceMetadataOptionsRequest, never>;

const CHOICES = {
  HttpTokens: ["optional", "required"],
  HttpEndpoint: ["disabled", "enabled"],
  HttpProtocolIpv6: ["disabled", "enabled"],
  InstanceMetadataTags: ["disabled", "enabled"],
} as const;

function checkOptions(asked: Asked): void {
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = asked[name as keyof typeof CHOICES];
    if (value !== undefined && !(choices as readonly string[]).includes(value)) {
      refuse("InvalidParameterValue", `Value (${value}) for parameter ${name} is invalid. Valid values: ${choices.join(", ")}`);
    }
  }
  const hops = asked.HttpPutResponseHopLimit;
  if (hops !== undefined && (hops < 1 || hops > 64))
    refuse("InvalidParameterValue", `Value (${hops}) for parameter HttpPutResponseHopLimit is invalid. It must be between 1 and 64.`);
}

/** An image that asks for tokens (`imds-support` v2.0) makes them required and allows two hops; otherwise both ways and one hop. */
export function readMetadataOptions(image: { readonly imdsV2: boolean }, asked: Asked | undefined): MetadataOptions {
  checkOptions(asked ?? {});
  return {
    state: "pending",
    tokens: asked?.HttpTokens ?? (image.imdsV2 ? "required" : "optional"),
    hopLimit: asked?.HttpPutResponseHopLimit ?? (image.imdsV2 ? 2 : 1),
    endpoint: asked?.HttpEndpoint ?? "enabled",
    ipv6: asked?.HttpProtocolIpv6 ?? "disabled",
    instanceTags: asked?.InstanceMetadataTags ?? "disabled",
  };
}

export function renderMetadataOptions(options: MetadataOptions): InstanceMetadataOptionsResponse {
  return {
    State: options.state,
    HttpTokens: options.tokens as "required",
    HttpPutResponseHopLimit: options.hopLimit,
    HttpEndpoint: options.endpoint as "enabled",
    HttpProtocolIpv6: options.ipv6 as "enabled",
    InstanceMetadataTags: options.instanceTags as "enabled",
  };
}

export const metadataOptionsOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html
  ModifyInstanceMetadataOptions: defineMutation<ModifyInstanceMetadataOptionsRequest, ModifyInstanceMetadataOptionsResult>(
    ["InstanceId", "HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags"],
    (world, input) => {
      const instance = requireRow(world, "instance", input.InstanceId);
      if (instance.state !== "running" && instance.state !== "stopped") {
        refuse("IncorrectInstanceState", `The instance '${instance.id}' is not in a valid state for this operation: ${instance.state}`);
      }
      const { InstanceId: _id, DryRun: _dry, ...asked } = input;
      checkOptions(asked);
      if (Object.values(asked).every((value) => value === undefined))
        refuse("MissingParameter", "The request must contain a metadata option to modify");
      const old = instance.metadata;
      const metadata: MetadataOptions = {
        state: "pending",
        tokens: asked.HttpTokens ?? old.tokens,
        hopLimit: asked.HttpPutResponseHopLimit ?? old.hopLimit,
        endpoint: asked.HttpEndpoint ?? old.endpoint,
        ipv6: asked.HttpProtocolIpv6 ?? old.ipv6,
        instanceTags: asked.InstanceMetadataTags ?? old.instanceTags,
      };
      world.change(instance, { metadata });
      world.after("metadata", "metadata-applied", instance.id);
      return { InstanceId: instance.id, InstanceMetadataOptions: renderMetadataOptions(metadata) };
    },
  ),
};
