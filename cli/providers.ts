// The providers of this version. Importing them loads no cloud SDK; that happens in `connect`.

import type { Provider } from "../engine/provider/provider.ts";
import type { ProviderDescription } from "../grammar/kinds/provider-description.ts";
import { aws } from "../providers/aws/provider.ts";

export const providers: ReadonlyMap<string, Provider> = new Map([[aws.name, aws as Provider]]);

export const descriptions: ReadonlyMap<string, ProviderDescription> = new Map(
  [...providers].map(([name, provider]) => [name, provider.description]),
);
