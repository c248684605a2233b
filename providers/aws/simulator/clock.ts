// How long the cloud takes from one state to the next, and how a run shortens that. Times of this file are the only ones that rules may use.

import { type Delays, scalePassage } from "../../simulation/delays.ts";

/**
 * Seconds that each passage takes on the real cloud, as commonly seen; the vendor promises none of them.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
 */
const SECONDS = {
  vpc: 1,
  subnet: 1,
  natGatewayCreate: 100,
  natGatewayDelete: 50,
  instanceStart: 15,
  instanceStop: 30,
  instanceTerminate: 35,
  interface: 2,
  interfaceAttach: 2,
  interfaceDetach: 4,
  metadata: 2,
  profile: 2,
  volumeCreate: 4,
  volumeAttach: 3,
  volumeDetach: 5,
  volumeDelete: 2,
  volumeModify: 5,
  volumeOptimize: 60,
  snapshot: 40,
  image: 60,
} as const;

export type Passage = keyof typeof SECONDS;

/** Milliseconds of a passage. */
export function passageTime(passage: Passage, delays: Delays): number {
  return scalePassage(SECONDS[passage], delays);
}

/** Terminated instances and deleted NAT gateways stay visible for about an hour, whatever the delays. */
export const VISIBLE_AFTER_END = 3_600_000;
