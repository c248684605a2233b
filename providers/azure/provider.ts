// Azure as the engine sees it: the parts of this folder put together. The SDK and the simulator are loaded when they are called for, never by
// importing this file.

import type { Provider } from "../../engine/provider/provider.ts";
import { paceReads } from "../handlers/pace-reads.ts";
import { textSetting } from "../handlers/read-unknown.ts";
import { fingerprintTransforms } from "../lowering/ssh-fingerprint.ts";
import { azureDescription } from "./description.ts";
import { textAt } from "./json.ts";
import { armLimits } from "./limits.ts";
import { azureLowerings } from "./lower/lowerings.ts";
import { azureSurroundings } from "./lower/surroundings.ts";
import { handlers } from "./objects/handlers.ts";
import { type Arm, type OperationName, operations } from "./operations.ts";
import { resolveAzurePins } from "./pins.ts";

export const azure: Provider<Arm> = {
  name: "azure",
  description: azureDescription,
  lowerings: azureLowerings,
  surroundings: azureSurroundings,
  handlers,
  limits: armLimits,
  transforms: fingerprintTransforms,

  async connect(settings, options) {
    const { connectArm } = await import("./client.ts");
    const tenant = textSetting(settings, "tenant");
    const client = connectArm({
      subscription: (textSetting(settings, "subscription") ?? "").toLowerCase(),
      region: textSetting(settings, "region") ?? "",
      simulated: options.simulated,
      koineVersion: options.koineVersion,
      ...(tenant === undefined ? {} : { tenant }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    });
    const isReading = (name: string): boolean => name === "operations.get" || operations[name as OperationName].method === "GET";
    return paceReads(client, ["send", "follow"], { pace: options.pace, prefix: "azure:", isReading });
  },

  /** The subscription is written in the cloud block; that these credentials see it is what is asked. */
  async identify(client, signal) {
    const { body } = await client.send("subscriptions.get", {}, signal);
    return { account: (textAt(body, "subscriptionId") ?? client.subscription).toLowerCase(), region: client.region };
  },
  resolvePins: (client, requests, signal) => resolveAzurePins(client, requests, signal),

  async prices() {
    const { azurePrices } = await import("./prices/prices.ts");
    return azurePrices;
  },

  async simulate(options) {
    const { startArmSimulator } = await import("./simulator/start.ts");
    return startArmSimulator(options);
  },
};
