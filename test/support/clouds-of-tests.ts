// How tests place a stack on each cloud: the line that declares it.

export const cloudLines = {
  aws: 'cloud aws { region = "eu-west-1" }',
  gcp: 'cloud gcp { project = "koine-tests", region = "europe-west1" }',
  azure: 'cloud azure { subscription = "00000000-0000-4000-8000-000000000000", region = "westeurope" }',
} as const;

export type CloudOfTests = keyof typeof cloudLines;

/** The same source on another cloud: its one `cloud` line replaced, and the stack's `on` if it has one. A source that declares the cloud is left as it is. */
export function placeOn(cloud: CloudOfTests, source: string): string {
  if (new RegExp(`^cloud ${cloud}\\b`, "m").test(source)) return source;
  return source.replace(/^cloud \w+ \{.*\}$/m, cloudLines[cloud]).replace(/^(stack \w+ on )\w+/m, `$1${cloud}`);
}
