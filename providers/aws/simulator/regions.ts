// Regions and their zones. Zone ids name places; zone names are dealt to each account in its own order, so nothing may rely on the letter.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html

import { mix } from "../../simulation/seeds.ts";

interface RegionFacts {
  readonly zones: readonly string[];
  readonly optIn: boolean;
}

const three = (code: string, optIn = false): RegionFacts => ({ zones: [1, 2, 3].map((n) => `${code}-az${n}`), optIn });
const some = (code: string, numbers: readonly number[], optIn = false): RegionFacts => ({
  zones: numbers.map((n) => `${code}-az${n}`),
  optIn,
});

export const REGIONS: Readonly<Record<string, RegionFacts>> = {
  "af-south-1": three("afs1", true),
  "ap-east-1": three("ape1", true),
  "ap-east-2": three("ape2", true),
  "ap-northeast-1": some("apne1", [1, 2, 4]),
  "ap-northeast-2": some("apne2", [1, 2, 3, 4]),
  "ap-northeast-3": three("apne3"),
  "ap-south-1": three("aps1"),
  "ap-south-2": three("aps2", true),
  "ap-southeast-1": three("apse1"),
  "ap-southeast-2": three("apse2"),
  "ap-southeast-3": three("apse3", true),
  "ap-southeast-4": three("apse4", true),
  "ap-southeast-5": three("apse5", true),
  "ap-southeast-6": three("apse6", true),
  "ap-southeast-7": three("apse7", true),
  "ca-central-1": some("cac1", [1, 2, 4]),
  "ca-west-1": three("caw1", true),
  "eu-central-1": three("euc1"),
  "eu-central-2": three("euc2", true),
  "eu-north-1": three("eun1"),
  "eu-south-1": three("eus1", true),
  "eu-south-2": three("eus2", true),
  "eu-west-1": three("euw1"),
  "eu-west-2": three("euw2"),
  "eu-west-3": three("euw3"),
  "il-central-1": three("ilc1", true),
  "me-central-1": three("mec1", true),
  "me-south-1": three("mes1", true),
  "mx-central-1": three("mxc1", true),
  "sa-east-1": three("sae1"),
  "us-east-1": some("use1", [1, 2, 3, 4, 5, 6]),
  "us-east-2": three("use2"),
  "us-west-1": some("usw1", [1, 3]),
  "us-west-2": some("usw2", [1, 2, 3, 4]),
};

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

const dealt = new Map<string, readonly Zone[]>();

/** The zones of a region as an account sees them, by name: `eu-west-1a` may be any of its ids. Empty for an unknown region. */
export function listZones(seed: number, account: string, region: string): readonly Zone[] {
  const key = `${seed}/${account}/${region}`;
  const known = dealt.get(key);
  if (known !== undefined) return known;
  const letters = (REGIONS[region]?.zones ?? []).map((_, n) => "abcdef".charAt(n));
  const order = (REGIONS[region]?.zones ?? [])
    .map((id, n) => ({
      id,
      rank: mix(seed, Number(account.slice(-9)), [...`${region}${n}`].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) | 0),
    }))
    .sort((a, b) => a.rank - b.rank);
  const zones = order.map(({ id }, n) => ({ id, name: `${region}${letters[n]}`, region }));
  dealt.set(key, zones);
  return zones;
}
