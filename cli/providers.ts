// All providers at once: for the embedded clouds as a server, the reference pages and tests. Commands load those that a stack names.

import type { ProviderDescription } from "../grammar/kinds/provider-description.ts";
import { loadProviders, type Providers, providerNames } from "./load-providers.ts";

export const providers: Providers = await loadProviders(providerNames);

export const descriptions: ReadonlyMap<string, ProviderDescription> = new Map(
  [...providers].map(([name, provider]) => [name, provider.description]),
);
