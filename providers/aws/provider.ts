// AWS as the engine sees it: the parts of this folder put together. The SDK and the simulator are loaded when they are called for, never by
// importing this file.

import type { Provider } from "../../engine/provider/provider.ts";
import { paceReads } from "../handlers/pace-reads.ts";
import { textSetting } from "../handlers/read-unknown.ts";
import { awsDescription } from "./description.ts";
import { ec2Limits } from "./limits.ts";
import { awsLowerings } from "./lower/lowerings.ts";
import { handlers } from "./objects/handlers.ts";
import type { Ec2 } from "./operations.ts";
import { resolveAwsPins } from "./pins.ts";

export const aws: Provider<Ec2> = {
  name: "aws",
  description: awsDescription,
  lowerings: awsLowerings,
  handlers,
  limits: ec2Limits,

  async connect(settings, options) {
    const { connectEc2 } = await import("./client.ts");
    const profile = textSetting(settings, "profile");
    const client = connectEc2({
      region: textSetting(settings, "region") ?? "",
      simulated: options.simulated,
      koineVersion: options.koineVersion,
      ...(profile === undefined ? {} : { profile }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    });
    return paceReads(client, ["send"], { pace: options.pace, prefix: "ec2:", isReading: (name) => name.startsWith("Describe") });
  },

  identify: async (client, signal) => ({ account: await client.account(signal), region: client.region }),
  resolvePins: (client, requests, signal) => resolveAwsPins(client, requests, signal),

  async prices() {
    const { awsPrices } = await import("./prices/prices.ts");
    return awsPrices;
  },

  async simulate(options) {
    const { startEc2Simulator } = await import("./simulator/start.ts");
    return startEc2Simulator(options);
  },
};
