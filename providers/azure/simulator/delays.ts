// How long the cloud takes from one state to the next. Times of this file are the only ones that rules may use.

import { type Delays, scalePassage } from "../../simulation/delays.ts";

/** Seconds that each passage takes on the real cloud, as commonly seen; the vendor promises none of them. */
const SECONDS = {
  network: 3,
  subnet: 4,
  natGateway: 12,
  networkDelete: 10,
  interfaceDelete: 5,
  virtualMachine: 45,
  virtualMachineUpdate: 15,
  virtualMachineDelete: 50,
  start: 20,
  restart: 25,
  powerOff: 20,
  deallocate: 40,
  attach: 10,
  disk: 3,
  diskDelete: 2,
  snapshot: 5,
  image: 20,
  imageDelete: 10,
  groupDelete: 30,
  reservation: 180,
} as const;

export type Passage = keyof typeof SECONDS;

export function passageTime(passage: Passage, delays: Delays): number {
  return scalePassage(SECONDS[passage], delays);
}

/** Seconds of Retry-After: the vendor's ten, shortened as the passages are. */
export function retryAfter(delays: Delays): number {
  return delays === "realistic" ? 1 : 0;
}
