// Regions and their zones. https://cloud.google.com/compute/docs/regions-zones

const SUFFIXES: Readonly<Record<string, string>> = {
  "asia-east1": "abc",
  "asia-east2": "abc",
  "asia-northeast1": "abc",
  "asia-northeast2": "abc",
  "asia-northeast3": "abc",
  "asia-south1": "abc",
  "asia-south2": "abc",
  "asia-southeast1": "abc",
  "asia-southeast2": "abc",
  "australia-southeast1": "abc",
  "australia-southeast2": "abc",
  "europe-central2": "abc",
  "europe-north1": "abc",
  "europe-southwest1": "abc",
  "europe-west1": "bcd",
  "europe-west12": "abc",
  "europe-west2": "abc",
  "europe-west3": "abc",
  "europe-west4": "abc",
  "europe-west6": "abc",
  "europe-west8": "abc",
  "europe-west9": "abc",
  "me-central1": "abc",
  "me-west1": "abc",
  "northamerica-northeast1": "abc",
  "northamerica-northeast2": "abc",
  "southamerica-east1": "abc",
  "southamerica-west1": "abc",
  "us-central1": "abcf",
  "us-east1": "bcd",
  "us-east4": "abc",
  "us-east5": "abc",
  "us-south1": "abc",
  "us-west1": "abc",
  "us-west2": "abc",
  "us-west3": "abc",
  "us-west4": "abc",
};

/** Every region's zones: `europe-west1` has `europe-west1-b`, `-c`, `-d`. */
export const REGIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(SUFFIXES).map(([region, letters]) => [region, [...letters].map((letter) => `${region}-${letter}`)]),
);

const ZONES: readonly string[] = Object.values(REGIONS).flat();

const known = new Set([...Object.keys(REGIONS).map((name) => `regions/${name}`), ...ZONES.map((name) => `zones/${name}`), "global", ""]);

/** Whether there is such a scope. */
export function isScope(scope: string): boolean {
  return known.has(scope);
}

export const REGION_SCOPES: readonly string[] = Object.keys(REGIONS).map((name) => `regions/${name}`);
export const ZONE_SCOPES: readonly string[] = ZONES.map((name) => `zones/${name}`);
