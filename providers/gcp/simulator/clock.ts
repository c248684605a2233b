// How long the cloud takes over its operations. Times of this file are the only ones that rules may use.

import { type Delays, scalePassage } from "../../simulation/delays.ts";

/** Seconds that each operation takes on the real cloud, as commonly seen; the vendor promises none of them. */
const SECONDS: Readonly<Record<string, number>> = {
  "networks.insert": 12,
  "networks.delete": 12,
  "subnetworks.insert": 12,
  "subnetworks.delete": 12,
  "routers.insert": 6,
  "routers.patch": 10,
  "routers.delete": 12,
  "disks.insert": 3,
  "disks.delete": 2,
  "instances.insert": 12,
  "instances.start": 10,
  "instances.stop": 35,
  "instances.delete": 40,
  "snapshots.insert": 30,
  "disks.createSnapshot": 30,
  "images.insert": 30,
};
const USUAL_SECONDS = 5;
/** Before an operation is taken up at all. */
const QUEUE_SECONDS = 0.5;

/** Milliseconds from a request to its operation's start and end. */
export function operationTimes(method: string, delays: Delays): { readonly start: number; readonly end: number } {
  return { start: scalePassage(QUEUE_SECONDS, delays), end: scalePassage(SECONDS[method] ?? USUAL_SECONDS, delays) };
}

/** Operations are kept for 14 days or more. https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses#handling_api_responses */
export const OPERATION_KEPT = 14 * 24 * 3_600_000;
