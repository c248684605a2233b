// Answers the pins of a plan a few at a time, in the order in which they were asked. Knows no cloud.

import type { PinRequest } from "../../engine/lower/native-value.ts";
import type { PinAnswer } from "../../engine/provider/provider.ts";

/** Enough to be quick, few enough for any cloud's bucket of image lists. */
const atOnce = 4;

/** Asks `answerOne` for each request. Rejects with the first error that it throws. */
export async function answerPins(
  requests: readonly PinRequest[],
  answerOne: (request: PinRequest) => Promise<PinAnswer["answer"]>,
): Promise<readonly PinAnswer[]> {
  const answers: PinAnswer[] = new Array(requests.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < requests.length; at = next++) {
      const request = requests[at] as PinRequest;
      answers[at] = { request, answer: await answerOne(request) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, requests.length) }, work));
  return answers;
}
