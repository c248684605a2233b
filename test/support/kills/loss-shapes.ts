// One workload for two tools: a root, three that refer to it, eight that refer to those; made, edited (two of the eight replaced, two gone, two more) and
// destroyed. For Koine on Compute Engine, where each of these is one object made by one request; for Terraform of `terraform_data`, each of which makes one
// object in a world of files by a provisioner that stands for the request of a provider.

import { clouds } from "../clouds.ts";
import type { Shape, ShapeName } from "./shapes.ts";

/** Milliseconds that a request is under way before it takes effect, and its answer after. */
export const latency = { before: 50, after: 50 } as const;

interface Leaf {
  readonly name: string;
  /** Another version is another object. */
  readonly version: 0 | 1;
}

const leaves = (versions: Readonly<Record<string, 0 | 1>>): readonly Leaf[] =>
  Object.entries(versions).map(([name, version]) => ({ name, version }));

const small = leaves({ a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 0 });
const edited = leaves({ a: 1, b: 1, c: 0, d: 0, e: 0, f: 0, i: 0, j: 0 });

const branches = [0, 1, 2] as const;

function writeKoine(wanted: readonly Leaf[]): string {
  const machines = wanted.map(
    ({ name, version }, at) =>
      `machine ${name} { cpu = 2, memory = 4GiB, image = "${version === 0 ? "ubuntu-24.04" : "debian-12"}", subnet = s${at % branches.length} }`,
  );
  return [
    "stack loss",
    clouds.gcp.block,
    "network main { cidr = 10.20.0.0/16 }",
    ...branches.map((at) => `subnet s${at} { network = main, cidr = 10.20.${at}.0/24 }`),
    ...machines,
    "",
  ].join("\n");
}

export function lossShape(name: ShapeName): Shape {
  if (name === "create") return { name, text: writeKoine(small), command: "apply" };
  if (name === "edit") return { name, before: writeKoine(small), text: writeKoine(edited), command: "apply" };
  return { name, before: writeKoine(small), text: writeKoine(small), command: "destroy" };
}

export interface TerraformShape {
  readonly name: ShapeName;
  readonly before?: string;
  readonly text: string;
  readonly command: "apply" | "destroy";
  /** The addresses that the world is to hold, one object each. */
  readonly wanted: readonly string[];
}

/** `make` and `remove` are commands; the object's id is their argument, then its address. */
function writeTerraform(wanted: readonly Leaf[], commands: { readonly make: string; readonly remove: string }): string {
  // Destroy-time provisioners run only while the block is still there: what is to go stays with a count of 0, as Terraform's manual says.
  // https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax#destroy-time-provisioners
  const block = (name: string, refers: string, version: number, count = 1): string => `resource "terraform_data" "${name}" {
  count            = ${count}
  input            = ${refers}
  triggers_replace = ${version}
  provisioner "local-exec" {
    command = "${commands.make} \${self.id} ${name}"
  }
  provisioner "local-exec" {
    when    = destroy
    command = "${commands.remove} \${self.id}"
  }
}
`;
  return [
    block("main", "null", 0),
    ...branches.map((at) => block(`s${at}`, "terraform_data.main[0].id", 0)),
    ...[...new Set([...small, ...edited].map(({ name }) => name))].map((name, at) => {
      const leaf = wanted.find((one) => one.name === name);
      return block(name, `terraform_data.s${at % branches.length}[0].id`, leaf?.version ?? 0, leaf ? 1 : 0);
    }),
  ].join("\n");
}

export function terraformShape(name: ShapeName, commands: { readonly make: string; readonly remove: string }): TerraformShape {
  const addresses = (wanted: readonly Leaf[]): readonly string[] => [
    "main",
    ...branches.map((at) => `s${at}`),
    ...wanted.map((one) => one.name),
  ];
  const [first, second] = [writeTerraform(small, commands), writeTerraform(edited, commands)];
  if (name === "create") return { name, text: first, command: "apply", wanted: addresses(small) };
  if (name === "edit") return { name, before: first, text: second, command: "apply", wanted: addresses(edited) };
  return { name, before: first, text: first, command: "destroy", wanted: [] };
}
