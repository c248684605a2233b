// The compact module of the cities that `near` knows on every cloud, made from its YAML.

import { type GeneratedFiles, readYaml } from "./generated-files.ts";

const folder = "providers/lowering";

export function generateCities(): GeneratedFiles {
  const { cities } = readYaml<{ cities: Record<string, readonly [number, number]> }>(`${folder}/cities.yaml`);
  const text = [
    "// Made by scripts/generate-catalog.ts from cities.yaml; do not edit.",
    "/** city | latitude | longitude */",
    "export const cityRows = `",
    ...Object.entries(cities).map(([name, at]) => [name, ...at].join("|")),
    "`;",
    "",
  ].join("\n");
  return new Map([[`${folder}/cities.generated.ts`, text]]);
}
