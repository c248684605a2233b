// How long the cloud takes from one state to the next, and how a run shortens that. Times of this file are the only ones that rules may use.

export type Delays = "realistic" | "short" | "none";

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

/** `realistic` keeps the proportions at a tenth of the time, so that they can be watched. */
const SCALE: Readonly<Record<Delays, number>> = { realistic: 0.1, short: 0.01, none: 0 };

/** Milliseconds of a passage. With `none`, the state in between is seen in the answer that starts it and nowhere else. */
export function passageTime(passage: Passage, delays: Delays): number {
  return Math.round(SECONDS[passage] * 1000 * SCALE[delays]);
}

/** Terminated instances and deleted NAT gateways stay visible for about an hour, whatever the delays. */
export const VISIBLE_AFTER_END = 3_600_000;
