import { describe, expect, it } from "vitest";
import { canonicalId, groupIn, namesIn, normaliseLocation, parentId, writeGroupId, writeId } from "./arm-id.ts";

const subnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net/subnets/front";

describe("one form for an id", () => {
  it.each([
    subnet,
    subnet.toUpperCase(),
    subnet.toLowerCase(),
    "/subscriptions/S/resourcegroups/G/providers/microsoft.network/virtualnetworks/NET/subnets/Front",
  ])("%s", (id) => {
    expect(canonicalId(id)).toBe(subnet);
  });

  it("leaves names alone that look like words of the vendor", () => {
    const id = "/subscriptions/s/resourceGroups/subnets/providers/Microsoft.Network/virtualNetworks/resourcegroups/subnets/providers";
    expect(canonicalId(id.toUpperCase())).toBe(id);
  });

  it("brings both parts of a joined id to it", () => {
    const disk = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d";
    expect(canonicalId(`${subnet.toUpperCase()}|${disk.toLowerCase()}`)).toBe(`${subnet}|${disk}`);
  });

  it("is what ids are written in", () => {
    expect(writeId("S", "Microsoft.Network/virtualNetworks/subnets", "G", ["Net", "Front"])).toBe(subnet);
    expect(writeGroupId("S", "G")).toBe("/subscriptions/s/resourceGroups/g");
  });
});

describe("the parts of an id", () => {
  it("are the group and the names, outermost first", () => {
    expect(namesIn(subnet)).toEqual(["g", "net", "front"]);
    expect(namesIn("/subscriptions/s/resourceGroups/g")).toEqual(["g"]);
    expect(groupIn(subnet)).toBe("g");
    expect(parentId(subnet)).toBe("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net");
  });

  it("are not guessed at", () => {
    expect(() => namesIn("vpc-123")).toThrow("not the id of an ARM resource");
  });
});

it("a region has one name", () => {
  expect(normaliseLocation("West Europe")).toBe("westeurope");
});
