// Google Cloud as the engine sees it: the parts of this folder put together. The SDK and the simulator are loaded when they are called for, never by
// importing this file.

import { ProviderError } from "../../engine/provider/errors.ts";
import type { Provider } from "../../engine/provider/provider.ts";
import { paceReads } from "../handlers/pace-reads.ts";
import { textSetting } from "../handlers/read-unknown.ts";
import { fingerprintTransforms } from "../lowering/ssh-fingerprint.ts";
import { gcpDescription } from "./description.ts";
import { gceLimits } from "./limits.ts";
import { gcpLowerings } from "./lower/lowerings.ts";
import { handlers } from "./objects/handlers.ts";
import type { Gce } from "./operations.ts";
import { resolveGcePins } from "./pins.ts";

export const gcp: Provider<Gce> = {
  name: "gcp",
  description: gcpDescription,
  lowerings: gcpLowerings,
  handlers,
  limits: gceLimits,
  transforms: fingerprintTransforms,

  async connect(settings, options) {
    const { connectGce } = await import("./client.ts");
    const impersonate = textSetting(settings, "impersonate");
    const client = connectGce({
      project: textSetting(settings, "project") ?? "",
      region: textSetting(settings, "region") ?? "",
      simulated: options.simulated,
      koineVersion: options.koineVersion,
      ...(impersonate === undefined ? {} : { impersonate }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    });
    return paceReads(client, ["send"], {
      pace: options.pace,
      prefix: "gcp:",
      isReading: (name) => /\.(get\w*|list|aggregatedList)$/.test(name),
    });
  },

  async identify(client, signal) {
    // Its name is the project's id, whatever the settings call it by: ids of objects are made of that.
    const { name } = await client.send("projects.get", {}, signal);
    if (!name) throw new ProviderError("the answer to projects.get names no project", { code: "unavailable", effect: "none" });
    return { account: name, region: client.region };
  },

  resolvePins: (client, requests, signal) => resolveGcePins(client, requests, signal),

  async prices() {
    const { gcpPrices } = await import("./prices/prices.ts");
    return gcpPrices;
  },

  async simulate(options) {
    const { startGceSimulator } = await import("./simulator/start.ts");
    return startGceSimulator(options);
  },
};
