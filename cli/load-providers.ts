// The providers of this version, each loaded when something names it: a stack on one cloud imports nothing of another. Their SDKs are loaded
// later still, in `connect`.

import type { NativeGraph } from "../engine/lower/native-graph.ts";
import type { Provider } from "../engine/provider/provider.ts";

export type Providers = ReadonlyMap<string, Provider>;

const loaders: Readonly<Record<string, () => Promise<Provider>>> = {
  aws: async () => (await import("../providers/aws/provider.ts")).aws as Provider,
  azure: async () => (await import("../providers/azure/provider.ts")).azure as Provider,
  gcp: async () => (await import("../providers/gcp/provider.ts")).gcp as Provider,
};

export const providerNames: readonly string[] = Object.keys(loaders);

/** The providers of these names, without those that this version does not have. Each is loaded once. */
export async function loadProviders(names: Iterable<string>): Promise<Providers> {
  const wanted = new Set(names);
  const loading = providerNames.filter((name) => wanted.has(name)).map((name) => loaders[name]?.());
  const loaded = await Promise.all(loading);
  return new Map(loaded.flatMap((provider) => (provider ? [[provider.name, provider] as const] : [])));
}

/** Those of the clouds of a stack. */
export function loadProvidersOf(native: NativeGraph): Promise<Providers> {
  return loadProviders([...native.clouds.values()].map((cloud) => cloud.provider));
}

/** The providers that a text may mean: whose names stand in it as words. A name in a comment counts, which costs a little and breaks nothing. */
export function findMentioned(texts: Iterable<string>): readonly string[] {
  const words = new RegExp(`\\b(${providerNames.join("|")})\\b`, "g");
  const found = new Set<string>();
  for (const text of texts) {
    for (const [word] of text.matchAll(words)) found.add(word);
    if (found.size === providerNames.length) break;
  }
  return [...found];
}
