// The oracle of the portable meaning, sentence by sentence: what "firewall" and "outbound" of the kinds promise on every cloud.

import { describe, expect, test } from "vitest";
import { descriptions } from "../../../cli/providers.ts";
import { compile } from "../../../grammar/compile.ts";
import type { Endpoint, Traffic } from "./oracle.ts";
import { readPortableOracle } from "./portable.ts";

const head = `stack law
cloud aws { region = "eu-west-1" }
network n { cidr = 10.20.0.0/16 }
subnet out { network = n, cidr = 10.20.0.0/24 }
subnet inner { network = n, cidr = 10.20.1.0/24, public = false }
subnet behind { network = n, cidr = 10.20.2.0/24, public = false, nat = out }
address fixed {}
`;

function machineText(name: string, more = "", subnet = "out"): string {
  return `machine ${name} {\n  cpu = 1, memory = 1GiB, burst = true, image = "debian-12", subnet = ${subnet}\n${more}\n}\n`;
}

function firewallText(name: string, ...rules: readonly string[]): string {
  return `firewall ${name} {\n  network = n\n${rules.map((rule) => `  allow ${rule}\n`).join("")}}\n`;
}

const tcp80: Traffic = { protocol: "tcp", port: 80 };
const outside: Endpoint = { kind: "internet", ip: "198.51.100.7" };
const machine = (name: string): Endpoint => ({ kind: "machine", name: `law-${name}` });
const publicly = (name: string): Endpoint => ({ kind: "public", name: `law-${name}` });

function ask(text: string, from: Endpoint, to: Endpoint, traffic: Traffic = tcp80): string {
  const { graph, diagnostics } = compile({
    files: [{ path: "main.koine", text: head + text }],
    providers: descriptions,
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  if (!graph) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return readPortableOracle(graph).judge({ from, to, traffic }).answer;
}

describe("firewall", () => {
  const plain = machineText("a") + machineText("b", "public = true");

  test("a machine without a firewall has closed inbound and open outbound", () => {
    expect(ask(plain, machine("a"), machine("b"))).toBe("closed");
    expect(ask(plain, outside, publicly("b"))).toBe("closed");
    expect(ask(plain, machine("b"), outside)).toBe("open");
  });

  test("inbound is closed unless allowed; without `to` rules all outbound is allowed", () => {
    const text = firewallText("f", "tcp 80 from any") + machineText("a", "firewall = f") + machineText("b", "firewall = f, public = true");
    expect(ask(text, machine("a"), machine("b"))).toBe("open");
    expect(ask(text, machine("a"), machine("b"), { protocol: "tcp", port: 81 })).toBe("closed");
    expect(ask(text, machine("a"), machine("b"), { protocol: "udp", port: 80 })).toBe("closed");
    expect(ask(text, outside, publicly("b"))).toBe("open");
    expect(ask(text, machine("b"), outside, { protocol: "udp", port: 53 })).toBe("open");
  });

  test("with `to` rules only those", () => {
    const text =
      firewallText("f", "any from any", "tcp 80 to inner") +
      machineText("a", "firewall = f, public = true") +
      machineText("b", "firewall = f", "inner");
    expect(ask(text, machine("a"), machine("b"))).toBe("open");
    expect(ask(text, machine("a"), machine("b"), { protocol: "tcp", port: 443 })).toBe("closed");
    expect(ask(text, machine("a"), outside)).toBe("closed");
    expect(ask(text, machine("b"), machine("a"))).toBe("closed");
  });

  test("a machine may do what any of its firewalls allows", () => {
    const firewalls = firewallText("f", "tcp 80 from any", "icmp to any") + firewallText("g", "tcp 22 from any");
    const text = firewalls + machineText("a", "firewall = [f, g], public = true") + machineText("b", "firewall = f, public = true");
    expect(ask(text, outside, publicly("a"), { protocol: "tcp", port: 22 })).toBe("open");
    expect(ask(text, outside, publicly("b"), { protocol: "tcp", port: 22 })).toBe("closed");
    expect(ask(text, machine("a"), outside)).toBe("open");
    expect(ask(text, machine("b"), outside)).toBe("closed");
  });

  test("a firewall as a peer means its carriers, by private address", () => {
    const firewalls = firewallText("f", "tcp 80 from g") + firewallText("g");
    const text =
      firewalls + machineText("a", "firewall = g, public = true") + machineText("b", "firewall = f, public = true") + machineText("c");
    expect(ask(text, machine("a"), machine("b"))).toBe("open");
    expect(ask(text, machine("c"), machine("b"))).toBe("closed");
    expect(ask(text, machine("a"), publicly("b"))).toBe("closed");
  });

  test("subnets, networks, ranges and addresses mean those addresses", () => {
    const from = (peer: string): string =>
      ask(
        firewallText("f", `tcp 80 from ${peer}`) +
          machineText("a", "private_ip = 10.20.0.9, public = true") +
          machineText("b", "firewall = f, public = true", "out"),
        machine("a"),
        machine("b"),
      );
    expect(["out", "n", "inner", "10.20.0.9", "10.20.0.8", "10.0.0.0/8", "a.private_ip", "a.public_ip"].map(from)).toEqual([
      "open",
      "open",
      "closed",
      "open",
      "closed",
      "open",
      "open",
      "closed",
    ]);
  });

  test("both ends of a range of ports belong to it", () => {
    const text = firewallText("f", "tcp 8000-8100 from any") + machineText("a", "firewall = f, public = true");
    const port = (number: number): string => ask(text, outside, publicly("a"), { protocol: "tcp", port: number });
    expect([7999, 8000, 8100, 8101].map(port)).toEqual(["closed", "open", "open", "closed"]);
  });

  test("instance metadata is never filtered", () => {
    expect(ask(firewallText("f", "icmp to any") + machineText("a", "firewall = f"), machine("a"), { kind: "metadata" })).toBe("open");
  });
});

describe("outbound", () => {
  test("only through the machine's own public address or its subnet's `nat`", () => {
    const text =
      machineText("a") +
      machineText("b", "public = true") +
      machineText("c", "public = fixed") +
      machineText("d", "", "behind") +
      machineText("e", "", "inner");
    const out = (name: string): string => ask(text, machine(name), outside);
    expect(["a", "b", "c", "d", "e"].map(out)).toEqual(["closed", "open", "open", "open", "closed"]);
  });

  test("nobody comes in through a `nat`", () => {
    expect(ask(firewallText("f", "any from any") + machineText("a", "firewall = f", "behind"), outside, publicly("a"))).toBe("closed");
  });

  test("machines are seen by the address through which they leave", () => {
    const seen = (peer: string, from: string): string => {
      const text = machineText("a", "public = fixed") + machineText("b", "", "behind") + machineText("c", "firewall = f, public = true");
      return ask(firewallText("f", `tcp 80 from ${peer}`) + text, machine(from), publicly("c"));
    };
    expect([seen("a.public_ip", "a"), seen("fixed.ip", "a"), seen("out.nat_ip", "a")]).toEqual(["open", "open", "closed"]);
    expect([seen("out.nat_ip", "b"), seen("b.private_ip", "b"), seen("fixed.ip", "b")]).toEqual(["open", "closed", "closed"]);
  });

  test("icmp through a `nat`, and mail, are not promised", () => {
    const text = machineText("a", "", "behind") + machineText("b", "public = true");
    expect(ask(text, machine("a"), outside, { protocol: "icmp" })).toBe("unpromised");
    expect(ask(text, machine("b"), outside, { protocol: "icmp" })).toBe("open");
    expect(ask(text, machine("b"), outside, { protocol: "tcp", port: 25 })).toBe("unpromised");
  });

  test("a machine that is off reaches nothing, and nothing reaches it", () => {
    const text =
      firewallText("f", "any from any") + machineText("a", 'firewall = f, public = true, power = "off"') + machineText("b", "firewall = f");
    expect(ask(text, outside, publicly("a"))).toBe("closed");
    expect(ask(text, machine("b"), machine("a"))).toBe("closed");
    expect(ask(text, machine("a"), machine("b"))).toBe("closed");
  });
});
