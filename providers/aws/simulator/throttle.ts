// The documented token buckets: one per operation, account and region, and one of resources for operations that count instances.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html

import { type BucketSize, createBuckets } from "../../simulation/buckets.ts";
import { refuse } from "./errors.ts";

const READING: BucketSize = [100, 20];
/** Describe calls with neither a filter nor a page size. */
const READING_ALL: BucketSize = [50, 10];
const MUTATING: BucketSize = [50, 5];

/** Operations that the page lists by themselves. */
const OWN: Readonly<Record<string, BucketSize>> = {
  CreateNatGateway: [10, 1],
  CreateNetworkInterface: [100, 5],
  CreateSnapshot: [100, 5],
  CreateTags: [100, 10],
  CreateVolume: [100, 5],
  DeleteNatGateway: [10, 1],
  DeleteNetworkInterface: [100, 5],
  DeleteSnapshot: [100, 5],
  DeleteTags: [100, 10],
  DeleteVolume: [100, 5],
  ModifyInstanceMetadataOptions: [100, 5],
  ModifyNetworkInterfaceAttribute: [100, 5],
  RunInstances: [5, 2],
  StartInstances: [5, 2],
  TerminateInstances: [100, 5],
};

const RESOURCES: Readonly<Record<string, BucketSize>> = {
  RunInstances: [1000, 2],
  StartInstances: [1000, 2],
  StopInstances: [1000, 20],
  TerminateInstances: [1000, 20],
};

export interface Throttle {
  /** Spends what a request costs, or throws RequestLimitExceeded (503). `now` in milliseconds. */
  spend(realm: string, operation: string, mutating: boolean, input: Readonly<Record<string, unknown>>, now: number): void;
}

export function createThrottle(): Throttle {
  const { take } = createBuckets();
  return {
    spend: (realm, operation, mutating, input, now) => {
      const size = OWN[operation] ?? (mutating ? MUTATING : isUnbounded(input) ? READING_ALL : READING);
      const resources = RESOURCES[operation];
      const granted =
        take(`${realm} ${operation}`, size, 1, now) &&
        (resources === undefined || take(`${realm} ${operation} resources`, resources, countInstances(input), now));
      if (!granted) refuse("RequestLimitExceeded", "Request limit exceeded.", 503);
    },
  };
}

function isUnbounded(input: Readonly<Record<string, unknown>>): boolean {
  return !Object.entries(input).some(([name, value]) => name === "MaxResults" || (Array.isArray(value) && value.length > 0));
}

function countInstances(input: Readonly<Record<string, unknown>>): number {
  if (Array.isArray(input.InstanceIds)) return input.InstanceIds.length;
  return typeof input.MaxCount === "number" ? input.MaxCount : 1;
}
