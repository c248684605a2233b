// Every filter that the vendor documents for an operation is either honoured by the embedded EC2 or refused by name; which ones are refused is known.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATION_NAMES } from "../../providers/aws/simulator/operation-names.ts";
import { SHAPES } from "../../providers/aws/simulator/protocol.generated.ts";
import { readDocumentedFilters } from "../support/ec2-model.ts";
import { type Ec2Fixture, openEc2 } from "../support/ec2-simulator.ts";
import { callWire, textOf } from "../support/ec2-wire.ts";

let fixture: Ec2Fixture;
beforeAll(async () => {
  fixture = await openEc2();
});
afterAll(() => fixture.close());

/** What Describe operations call the parameter: DescribeNatGateways has `Filter`. */
function filterParameter(operation: string): string | undefined {
  const [input = ""] = SHAPES.operations[operation] ?? [];
  const members = SHAPES.structs[input.slice(1)]?.members ?? {};
  return ["Filters", "Filter"].find((name) => members[name]?.[0] === "[{Filter");
}

/** Documented and not implemented, by operation. Prefixes stand for families of things that this world does not have. */
const REFUSED: Readonly<Record<string, readonly RegExp[]>> = {
  DescribeVpcs: [/^ipv6-/],
  DescribeRouteTables: [/^route\.(destination-(ipv6|prefix)|egress-only|transit|vpc-peering)/],
  DescribeSubnets: [/ipv6/, /customer-owned/, /^enable-(dns64|lni)/, /^outpost-arn$/],
  DescribeNetworkAcls: [/^entry\./, /^association\.(association|network-acl)-id$/],
  DescribeSecurityGroups: [/prefix-list-id$/],
  DescribeNetworkInterfaces: [
    /ipv6/,
    /^operator\./,
    /^requester-id$/,
    /^addresses\.association\.owner-id$/,
    /^association\.public-dns-name$/,
  ],
  DescribeInstances: [
    /ipv[46]-|ipv6|http-protocol-ipv4/,
    /operator\./,
    /(carrier|customer-owned)-ip$/,
    /^capacity-reservation/,
    /outpost-arn$/,
    /requester-id$/,
    /^(affinity|host-id|kernel-id|ramdisk-id|platform|tpm-support|product-code(\.type)?|placement-.*|network-performance-.*)$/,
    /^(current-instance-boot-mode|maintenance-options\.auto-recovery|private-dns-name-options\.enable-resource-name-dns-aaaa-record)$/,
    /^network-interface\.deny-all-igw-traffic$/,
  ],
  DescribeInstanceStatus: [/^event\./, /^operator\./, /^(attached-ebs|application)-status\./],
  DescribeVolumes: [/^operator\./],
  DescribeVolumesModifications: [/MultiAttachEnabled$/],
  DescribeImages: [
    /^(image-watermark|instance-type-specification|scan-result|state-reason)/,
    // Values of scan-result.highest-finding-severity-label, listed below it.
    /^(informational|low|medium|high|critical)$/,
    /^(free-tier-eligible|image-allowed|kernel-id|ramdisk-id|manifest-location|product-code(\.type)?|public-ssm-parameter-name)$/,
    /^(source-image-.*|sriov-net-support)$/,
  ],
  DescribeSnapshots: [/^(owner-alias|storage-tier|transfer-type)$/],
  DescribeInstanceTypes: [
    /^ebs-info\.(attachment-limit-type|maximum-ebs-attachments|ebs-optimized-info)/,
    /^instance-storage-info\./,
    /^network-info\.(bandwidth|efa|flexible|encryption|ipv[46]-addresses|maximum-network-cards|network-performance)/,
    /^nitro-/,
    /^(processor-info\.(sustained|supported-features)|reboot-migration-support|vcpu-info\.(valid|default-(cores|threads)))/,
  ],
  DescribeAvailabilityZones: [/^group-long-name$/],
};

const filtered = OPERATION_NAMES.filter((name) => filterParameter(name) !== undefined);

describe.each(filtered)("%s", (operation) => {
  test("honours its documented filters", async () => {
    const documented = readDocumentedFilters(operation).map((name) => (name.startsWith("tag:") || name === "tag" ? "tag:k" : name));
    expect(documented.length).toBeGreaterThan(0);
    const refused: string[] = [];
    for (const Name of new Set(documented)) {
      const answer = await callWire(fixture.endpoint, operation, { [filterParameter(operation) ?? ""]: [{ Name, Values: ["none"] }] });
      if (answer.code === "") continue;
      expect(textOf(answer.body, "Message")).toContain(`'${Name}'`);
      refused.push(Name);
    }
    expect(refused.filter((name) => !(REFUSED[operation] ?? []).some((pattern) => pattern.test(name)))).toEqual([]);
  });
});

test("a filter that nobody documents is refused everywhere", async () => {
  for (const operation of filtered) {
    const answer = await callWire(fixture.endpoint, operation, {
      [filterParameter(operation) ?? ""]: [{ Name: "no-such-filter", Values: ["x"] }],
    });
    expect([operation, answer.code]).toEqual([operation, "InvalidParameterValue"]);
  }
});
