// Names and tags of Azure objects, and the slots that things keep.

import { describe, expect, test } from "vitest";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { azureMachine, azurePlace, onAzure, subscription } from "../../../test/support/azure-stacks.ts";
import { codesOf, lowerSource, propsOf } from "../../../test/support/lower-source.ts";
import { assignSlots } from "../../lowering/slots.ts";

describe("names", () => {
  test("two that differ in case alone stay apart, and a machine has no underscore", () => {
    const source = `${azurePlace}firewall web {
  network = main
  allow tcp 80 from any
}
firewall Web {
  network = main
  allow tcp 80 from any
}
machine a_b { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
`;
    const [lower, upper] = ["web", "Web"].map((name) => String(propsOf(source, `firewall.${name}:asg`).name));
    expect(lower).toBe("shop-web");
    expect(upper).toMatch(/^shop-web-[0-9a-f]{6}$/);
    expect(propsOf(source, "machine.a_b:machine").name).toMatch(/^shop-a-b-[0-9a-f]{6}$/);
    expect(propsOf(source, "machine.a_b:interface").name).toBe("shop-a_b");
  });

  test("names keep to their limits with room for a generation, and never end in a hyphen", () => {
    const long = "x".repeat(70);
    const source = `${azurePlace}firewall ${long} {
  network = main
  allow tcp ${Array.from({ length: 20 }, (_, at) => 1000 + 2 * at).join(", ")} from any
}
machine ${long}["a-"] if true { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
`
      .replace('["a-"] if true', '[n in ["a-"]]')
      .replace(`machine ${long}`, "machine web");
    const { native, diagnostics } = lowerSource(source);
    expect(diagnostics).toEqual([]);
    for (const object of native?.objects.values() ?? []) {
      const limit = object.type === "azure.compute.VirtualMachine" || object.type === "azure.network.VirtualNetwork" ? 64 : 80;
      const name = String(object.props.name);
      expect(name.length + "-g99".length, name).toBeLessThanOrEqual(limit);
      expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*[a-z0-9_]$/);
    }
    expect(native?.objects.get('machine.web["a-"]:machine')?.props.name).toMatch(/^shop-web-a-[0-9a-f]{6}$/);
  });

  test("a machine's disks are named within it, so that a rename keeps them, and so is what it calls itself", () => {
    const source = (name: string): string =>
      azureMachine("disk data { size = 1GiB }\n  disk Data { size = 1GiB }\n  disk a_label_of_many_letters { size = 1GiB }").replace(
        "machine web",
        `machine ${name}`,
      );
    const [before, after] = ["web", "front"].map((name) => propsOf(source(name), `machine.${name}:machine`));
    expect(before?.disks).toEqual(after?.disks);
    expect(before?.computerName).toBeUndefined();
    const labels = ((before?.disks ?? []) as readonly NativeMap[]).map(({ name }) => String(name)).toSorted();
    expect(labels).toEqual([expect.stringMatching(/^a_label-[0-9a-f]{6}$/), "data", expect.stringMatching(/^data-[0-9a-f]{6}$/)]);
  });

  test("a subscription's group is told from another's by its scope, whatever case the id has", () => {
    const scopes = [subscription, subscription.toUpperCase(), "00000000-0000-4000-8000-000000000000"].map((id) => {
      const { native } = lowerSource(azurePlace.replace(subscription, id));
      return [...(native?.objects.values() ?? [])].find(({ type }) => type === "azure.resources.ResourceGroup")?.address;
    });
    expect(scopes[0]).toMatch(/^azure\.westeurope-[0-9a-f]{4}$/);
    expect(scopes[1]).toBe(scopes[0]);
    expect(scopes[2]).not.toBe(scopes[0]);
  });
});

describe("tags", () => {
  test("a mistake in the stack's tags is told once", () => {
    expect(codesOf(azurePlace.replace("stack shop on azure", 'stack shop on azure { tags = { "koine-x" = "1" } }'))).toEqual(["K3013"]);
  });

  test.each([
    ["x".repeat(512), "1", []],
    ["x".repeat(513), "1", ["K3014"]],
    ["x", "v".repeat(256), []],
    ["x", "v".repeat(257), ["K3014"]],
    ["a?b", "1", ["K3014"]],
    ["Windows-patch", "1", ["K3013"]],
    ["mycrosoft", "1", []],
  ])("%s", (name, value, codes) => {
    expect(codesOf(`${onAzure()}network main { cidr = 10.20.0.0/16, tags = { "${name}" = "${value}" } }\n`)).toEqual(codes);
  });

  test("the stack's that differ in case alone are told once, beside none of its resources", () => {
    expect(codesOf(azurePlace.replace("stack shop on azure", 'stack shop on azure { tags = { team = "web", Team = "net" } }'))).toEqual([
      "K3071",
    ]);
  });

  test("45 besides the marks", () => {
    const network = (count: number): string => {
      const tags = Array.from({ length: count }, (_, at) => `t${at} = "x"`).join(", ");
      return `${onAzure()}network main { cidr = 10.20.0.0/16, tags = { ${tags} } }\n`;
    };
    expect(codesOf(network(45))).toEqual([]);
    expect(codesOf(network(46))).toEqual(["K3012"]);
  });
});

describe("slots", () => {
  test("do not depend on the order, and every one is given before one is missing", () => {
    const keys = Array.from({ length: 40 }, (_, at) => `disk.d${at}`);
    const assigned = assignSlots(keys, 32);
    expect(assignSlots(keys.toReversed(), 32)).toEqual(assigned);
    expect(new Set(assigned.values())).toEqual(new Set(Array.from({ length: 32 }, (_, at) => at)));
  });

  test("33 disks of a machine are too many, of either sort; blocks and attached disks never meet", () => {
    const blocks = (count: number): string =>
      azureMachine(Array.from({ length: count }, (_, at) => `disk d${at} { size = 1GiB }`).join("\n  "));
    expect(codesOf(blocks(32))).toEqual([]);
    expect(codesOf(blocks(33))).toEqual(["K3034"]);
    const attached = (count: number): string => `${azureMachine("")}disk data[${count}] { size = 1GiB, attach = web }\n`;
    expect(codesOf(attached(32))).toEqual([]);
    expect(codesOf(attached(33))).toEqual(["K3032"]);
    const own = (propsOf(blocks(32), "machine.web:machine").disks as readonly NativeMap[]).map(({ lun }) => Number(lun));
    expect(Math.max(...own)).toBeLessThan(32);
    expect(propsOf(attached(1), "disk.data[0]:attachment").lun).toBeGreaterThanOrEqual(32);
  });
});
