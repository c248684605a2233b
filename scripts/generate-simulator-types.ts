// Writes providers/aws/simulator/instance-types.generated.ts from a table of public instance type facts (CSV: type, vcpus, memory_mib, arch,
// current_generation, burstable, bare_metal, …), whose path is the argument. The simulator keeps its own copy: it may not share a provider's misreadings.

import { readFileSync, writeFileSync } from "node:fs";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: node scripts/generate-simulator-types.ts TABLE.csv");
const [header = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
const columns = header.split(",");
const facts = lines.map((line) => {
  const cells = line.split(",");
  const cell = (name: string): string => {
    const value = cells[columns.indexOf(name)];
    if (value === undefined) throw new Error(`no ${name} in: ${line}`);
    return value;
  };
  const flags = [
    cell("current_generation") === "true" ? "c" : "",
    cell("burstable") === "true" ? "b" : "",
    cell("bare_metal") === "true" ? "m" : "",
  ].join("");
  return [cell("type"), cell("vcpus"), cell("memory_mib"), cell("arch"), flags].join(" ").trim();
});
writeFileSync(
  new URL("../providers/aws/simulator/instance-types.generated.ts", import.meta.url),
  [
    "// Made by scripts/generate-simulator-types.ts; do not edit. Type, vCPUs, MiB, architecture, and flags: c current generation, b burstable, m bare metal.",
    `export const INSTANCE_TYPE_FACTS = \`\n${facts.sort().join("\n")}\n\`;`,
    "",
  ].join("\n"),
);
