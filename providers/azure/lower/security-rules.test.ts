// Firewalls as rules of one security group: what they merge, how they are numbered, who waits for them.

import { describe, expect, test } from "vitest";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { azurePlace } from "../../../test/support/azure-stacks.ts";
import { lowerSource } from "../../../test/support/lower-source.ts";
import { allowBand, denyBand } from "./priorities.ts";

describe("security rules", () => {
  const firewall = (name: string, ...rules: readonly string[]): string =>
    `firewall ${name} {\n  network = main\n${rules.map((rule) => `  allow ${rule}`).join("\n")}\n}\n`;
  const rulesOf = (source: string): readonly NativeMap[] => {
    const { native, diagnostics } = lowerSource(`${azurePlace}${source}`);
    expect(diagnostics).toEqual([]);
    return [...(native?.objects.values() ?? [])].filter(({ type }) => type === "azure.network.SecurityRule").map(({ props }) => props);
  };

  test("every allow stands above every deny, whatever the firewalls", () => {
    const names = Array.from({ length: 40 }, (_, at) => `f${at}`);
    const rules = rulesOf(names.map((name, at) => firewall(name, "tcp 80 from any", ...(at % 2 ? ["tcp 443 to any"] : []))).join(""));
    const allowed = rules.filter(({ access }) => access === "Allow").map(({ priority }) => Number(priority));
    const denied = rules
      .filter(({ access, direction }) => access === "Deny" && direction === "Outbound")
      .map(({ priority }) => Number(priority));
    expect([allowed.length, denied.length]).toEqual([80, 20]);
    expect(Math.min(...allowed)).toBeGreaterThanOrEqual(allowBand.first);
    expect(Math.max(...allowed)).toBeLessThanOrEqual(allowBand.last);
    expect(Math.min(...denied)).toBeGreaterThanOrEqual(denyBand.first);
    expect(Math.max(...denied)).toBeLessThanOrEqual(denyBand.last);
    const keys = rules.map(({ direction, priority }) => `${direction} ${priority}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("a rule keeps its priority and name when others come and go", () => {
    const one = firewall("web", "tcp 80 from any", "tcp 22 from 198.51.100.0/24");
    const named = (source: string) => new Map(rulesOf(source).map(({ name, priority }) => [name, priority]));
    const before = named(one);
    const after = named(
      `${firewall("db", "tcp 5432 from web")}${one.replace("tcp 80 from any", "udp 53 from any\n  allow tcp 80 from any")}`,
    );
    for (const [name, priority] of before) expect(after.get(name), String(name)).toBe(priority);
    expect(after.size).toBe(before.size + 3);
  });

  test("ranges of one rule neither overlap nor repeat; all of them are one star", () => {
    const [rule] = rulesOf(firewall("web", "tcp 80-90, 85-100, 22 from 10.20.1.0/24, 10.20.1.7, 10.20.0.0/16, 192.0.2.1")).filter(
      ({ direction, access }) => direction === "Inbound" && access === "Allow",
    );
    expect(rule).toMatchObject({ destinationPortRanges: ["22", "80-100"], sourceAddressPrefixes: ["10.20.0.0/16", "192.0.2.1/32"] });
    const [open] = rulesOf(firewall("web", "tcp from any, 10.20.1.7")).filter(
      ({ direction, access }) => direction === "Inbound" && access === "Allow",
    );
    expect(open).toMatchObject({ destinationPortRanges: ["*"], sourceAddressPrefixes: ["*"] });
  });

  test("a machine waits for the rules of its firewalls and the network's closing one, not for those with an unknown peer", () => {
    const source = `${azurePlace}${firewall("web", "tcp 80 from any", "tcp 7000 from m.private_ip")}machine m {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app, firewall = web
}
`;
    const { native, diagnostics } = lowerSource(source);
    expect(diagnostics).toEqual([]);
    expect(native?.objects.get("machine.m:machine")?.after).toEqual([
      expect.stringMatching(/^azure\..*:group$/),
      "firewall.web:allow-outbound",
      "firewall.web:rule-in-tcp-80",
      "machine.m:interface",
      "network.main:deny-inbound",
    ]);
  });
});
