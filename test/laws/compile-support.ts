// What the tests of the compiler share: compiling a text against AWS and a provider that refuses, and reading the result.

import { type CompileInput, type CompileResult, compile } from "../../grammar/compile.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import type { ProviderDescription } from "../../grammar/kinds/provider-description.ts";
import { awsDescription } from "../../providers/aws/description.ts";

/** A provider that refuses much, for what AWS never refuses. */
const lab: ProviderDescription = {
  ...awsDescription,
  name: "lab",
  title: "the lab",
  refinements: {},
  support: {
    address: { "*": { kind: "refused", reason: "it has no public addresses", instead: "reach machines through a bastion" } },
    machine: {
      spot: { kind: "refused", reason: "it has no spot capacity", instead: "leave `spot` out" },
      "disk.encrypted": { kind: "refused", reason: "encryption is the host's business", instead: "encrypt the host's disk" },
    },
  },
};

export const providers: ReadonlyMap<string, ProviderDescription> = new Map([
  ["aws", awsDescription],
  ["lab", lab],
]);

/** The smallest stack with one cloud. */
export const start = `stack demo\ncloud aws { region = "eu-west-1" }\n`;

/** A network `main` with a subnet `app`. */
export const withSubnet = `${start}network main { cidr = 10.0.0.0/16 }\nsubnet app { network = main, cidr = 10.0.1.0/24 }\n`;

/** A machine with what is required, and more. */
export function machine(header: string, more = ""): string {
  return `machine ${header} { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app${more === "" ? "" : `, ${more}`} }\n`;
}

export function compileText(text: string, more: Partial<CompileInput> = {}): CompileResult {
  return compile({
    files: [{ path: "main.koine", text }],
    providers,
    inputs: new Map(),
    readFile: () => ({ mistake: "there is no such file" }),
    ...more,
  });
}

export function errorCodes(result: Pick<CompileResult, "diagnostics">): readonly string[] {
  return result.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}

/** Codes of the errors of a text; empty when it compiles. */
export function errorsIn(text: string, more: Partial<CompileInput> = {}): readonly string[] {
  return errorCodes(compileText(text, more));
}

/** The canonical value of an expression, or the codes of its errors. */
export function valueIn(expression: string, declarations = ""): string {
  const result = compileText(`${start}${declarations}\noutput result = ${expression}\n`);
  const output = result.graph?.outputs.get("result");
  return output ? canonical(output.value) : errorCodes(result).join(" ");
}

/** The graph as text without places: equal for sources that mean the same. */
export function meaning(result: CompileResult): string {
  if (!result.graph) return errorCodes(result).join(" ");
  const withoutPlaces = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withoutPlaces);
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withoutPlaces(item)]));
    if (typeof value !== "object" || value === null || Object.getOwnPropertySymbols(value).length > 0) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (key === "span" || key === "places" ? [] : [[key, withoutPlaces(item)]])),
    );
  };
  return canonical(withoutPlaces(result.graph));
}
