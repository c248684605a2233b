// Prices of EC2 beyond machines: volumes, NAT gateways, public addresses. Each with its source and date; what no source was found for does not stand here.

export interface VolumeRate {
  /** USD per GiB-month. */
  readonly gib: number;
  /** USD a month for each beyond what is included. */
  readonly iops?: { readonly included: number; readonly usd: number };
  /** USD a month for each MiB/s beyond what is included. */
  readonly throughput?: { readonly included: number; readonly usd: number };
  /** What is charged by use besides. */
  readonly byUse?: string;
}

/**
 * By region, then type. https://aws.amazon.com/ebs/pricing/: the public price list of us-east-1 as recorded by infracost (tests of aws_ebs_volume), gp3 read
 * again in AWS's price list files on 2026-10-16. What gp3 includes: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
 */
export const volumeRates: Readonly<Record<string, Readonly<Record<string, VolumeRate>>>> = {
  "us-east-1": {
    gp3: { gib: 0.08, iops: { included: 3_000, usd: 0.005 }, throughput: { included: 125, usd: 0.04 } },
    gp2: { gib: 0.1 },
    st1: { gib: 0.045 },
    sc1: { gib: 0.015 },
    standard: { gib: 0.05, byUse: "requests to magnetic volumes are charged by use" },
  },
};

/** USD an hour by region. https://aws.amazon.com/vpc/pricing/, us-east-2 read 2026-09-20; us-east-1 as recorded by infracost (tests of aws_nat_gateway). */
export const natGatewayHour: Readonly<Record<string, number>> = { "us-east-1": 0.045, "us-east-2": 0.045 };

/**
 * USD an hour, used or idle, the same in all commercial regions since 2024-02-01.
 * https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/, us-east-1 read again 2026-10-16.
 */
export const publicAddressHour = 0.005;
