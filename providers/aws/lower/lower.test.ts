// What the fixtures do not show of the lowerings: limits, choices under a lock, names, devices, secrets.

import { describe, expect, test } from "vitest";
import { describeNativeValue } from "../../../engine/lower/describe.ts";
import type { NativeSecret } from "../../../engine/lower/native-value.ts";
import { tagOf } from "../../../grammar/graph/value.ts";
import { codesOf, lockOf, lowerSource, propsOf } from "../../../test/support/lower-source.ts";
import { assignDevices, attachedDevices, blockDevices, guestPath } from "./devices.ts";

const place = `stack shop on aws
cloud aws { region = "eu-west-1" }
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

function machine(items: string): string {
  return `${place}machine web {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
  ${items}
}
`;
}

describe("pins", () => {
  test("a pinned size, zone and image are used and not chosen again", () => {
    const size = lockOf("aws", "size", "2cpu-4GiB-x86_64/eu-west-1", "m5.large");
    expect(propsOf(machine(""), "machine.web:instance", size).InstanceType).toBe("m5.large");
    expect(lowerSource(machine(""), size).native?.choices.map(({ kind }) => kind)).toEqual(["zone"]);
    expect(propsOf(machine(""), "subnet.app:subnet", lockOf("aws", "zone", "a/eu-west-1", "euw1-az3")).AvailabilityZoneId).toBe("euw1-az3");
    const image = lockOf("aws", "image", "ubuntu-24.04/eu-west-1/x86_64", "ami-0123456789abcdef0");
    expect(propsOf(machine(""), "machine.web:instance", image).ImageId).toBe("ami-0123456789abcdef0");
    expect(lowerSource(machine(""), image).native?.pinRequests).toEqual([]);
  });

  test("an AMI by its id is taken as it is", () => {
    const source = machine('on aws { root_device = "/dev/xvda", ssh_user = "alpine" }').replace("ubuntu-24.04", "ami-0123456789abcdef0");
    const { native } = lowerSource(source);
    expect(native?.objects.get("machine.web:instance")?.props).toMatchObject({
      ImageId: "ami-0123456789abcdef0",
      Disks: [{ DeviceName: "/dev/xvda" }],
    });
    expect(native?.outputs.get("machine.web")?.ssh_user).toBe("alpine");
    expect(native?.pinRequests).toEqual([]);
  });
});

describe("private addresses", () => {
  test.each([0, 1, 2, 3, 255])("10.20.0.%i is AWS's", (host) => {
    // The first and last are no addresses of machines anywhere; the others only AWS reserves.
    expect(codesOf(machine(`private_ip = 10.20.0.${host}`))).toHaveLength(1);
  });

  test.each([4, 254])("10.20.0.%i is free", (host) => {
    expect(propsOf(machine(`private_ip = 10.20.0.${host}`), "machine.web:instance").PrivateIpAddress).toBe(`10.20.0.${host}`);
  });
});

describe("ranges", () => {
  const network = (cidr: string): string => `stack shop on aws\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = ${cidr} }\n`;
  test.each([
    ["10.0.0.0/15", ["K3015"]],
    ["10.0.0.0/16", []],
    ["10.0.0.0/28", []],
    ["10.0.0.0/29", ["K3015"]],
  ])("%s", (cidr, codes) => {
    expect(codesOf(network(cidr))).toEqual(codes);
  });
});

describe("volumes", () => {
  const disk = (items: string): string => `stack shop on aws\ncloud aws { region = "eu-west-1" }\ndisk data { ${items} }\n`;
  test.each([
    ["size = 1GiB", []],
    ["size = 64TiB", []],
    ["size = 20GB", ["K3021"]],
    ['size = 125GiB, type = "hdd"', []],
    ['size = 124GiB, type = "hdd"', ["K3021"]],
    ['size = 16TiB, type = "hdd"', []],
    ['size = 17TiB, type = "hdd"', ["K3021"]],
  ])("%s", (items, codes) => {
    expect(codesOf(disk(items))).toEqual(codes);
  });

  test.each([
    ["disk root { size = 8GiB }", []],
    ["disk root { size = 7GiB }", ["K3021"]],
    ['disk root { size = 1TiB, type = "hdd" }', []],
    ['disk root { size = 2TiB, type = "hdd" }', ["K3021"]],
  ])("%s", (block, codes) => {
    expect(codesOf(machine(block))).toEqual(codes);
  });
});

describe("keys", () => {
  const key = (text: string): string => `stack shop on aws\ncloud aws { region = "eu-west-1" }\nkey admin { public_key = "${text}" }\n`;
  /** An RSA public key in the wire format, with a modulus of so many bits. */
  function rsa(bits: number): string {
    const field = (bytes: readonly number[]): readonly number[] => [0, 0, bytes.length >> 8, bytes.length & 255, ...bytes];
    const modulus = Array.from({ length: bits / 8 }, () => 0xff);
    return `ssh-rsa ${Buffer.from([...field([...Buffer.from("ssh-rsa")]), ...field([1, 0, 1]), ...field([0, ...modulus])]).toString("base64")}`;
  }

  test.each([2048, 4096])("RSA with %i bits is taken", (bits) => {
    expect(codesOf(key(rsa(bits)))).toEqual([]);
  });

  test("RSA with 3072 bits is not", () => {
    const { diagnostics } = lowerSource(key(rsa(3072)));
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["K3020", "EC2 takes no RSA key of 3072 bits, only of 1024, 2048, 4096"],
    ]);
  });
});

describe("names", () => {
  test("a group's name never begins with `sg-`, and two that differ in case alone stay apart", () => {
    const source = (stack: string): string => `${place.replace("stack shop", `stack ${stack}`)}firewall web {
  network = main
  allow tcp 80 from any
}
firewall Web {
  network = main
  allow tcp 80 from any
}
`;
    expect(propsOf(source("sg"), "firewall.web:group").GroupName).toBe("koine-sg-web");
    const [lower, upper] = ["web", "Web"].map((name) => String(propsOf(source("shop"), `firewall.${name}:group`).GroupName));
    expect(lower).toBe("shop-web");
    expect(upper).toMatch(/^shop-web-[0-9a-f]{6}$/);
  });
});

describe("tags", () => {
  test("the stack's, the resource's own over them, and a Name that the author may give", () => {
    const source = `stack shop on aws { tags = { team = "web", cost = "1" } }
cloud aws { region = "eu-west-1" }
network main { cidr = 10.20.0.0/16, tags = { team = "net", Name = "core" } }
`;
    expect(propsOf(source, "network.main:vpc").Tags).toEqual({ Name: "core", team: "net", cost: "1" });
  });

  test("a mistake in the stack's tags is told once", () => {
    const source = place.replace("stack shop on aws", 'stack shop on aws { tags = { "koine:x" = "1" } }');
    expect(codesOf(source)).toEqual(["K3013"]);
  });
});

describe("user data", () => {
  test("text is given as it is, UTF-8 included", () => {
    expect(String(propsOf(machine('user_data = "#!/bin/sh\\necho grüße"'), "machine.web:instance").UserData)).toBe("#!/bin/sh\necho grüße");
  });

  test("a host name alone makes a cloud-config", () => {
    const { UserData } = propsOf(machine('hostname = "web"'), "machine.web:instance");
    expect(String(UserData)).toBe("#cloud-config\nhostname: web\npreserve_hostname: false\n");
  });

  test("what YAML 1.1 would misread is quoted", () => {
    const { UserData } = propsOf(machine('cloud_init = { ssh_pwauth = "no", version = "1.10" }'), "machine.web:instance");
    expect(String(UserData)).toBe('#cloud-config\nssh_pwauth: "no"\nversion: "1.10"\n');
  });

  test("a secret anywhere inside makes the whole a secret, which no description shows", () => {
    const source = `input token: secret string = "hunter2"\n${machine("cloud_init = { runcmd = [token] }")}`;
    const { UserData } = propsOf(source, "machine.web:instance");
    expect(tagOf(UserData)).toBe("secret");
    expect(String((UserData as NativeSecret).value)).toContain("hunter2");
    expect(describeNativeValue(UserData ?? null)).toBe("(secret)");
    expect(tagOf(propsOf(`input token: secret string = "hunter2"\n${machine("user_data = token")}`, "machine.web:instance").UserData)).toBe(
      "secret",
    );
  });

  test("the limit counts bytes, of secrets too", () => {
    expect(codesOf(machine(`user_data = "${"é".repeat(8193)}"`))).toEqual(["K3023"]);
    expect(codesOf(machine(`user_data = "${"é".repeat(8192)}"`))).toEqual([]);
    expect(codesOf(`input token: secret string = "${"x".repeat(17_000)}"\n${machine("user_data = token")}`)).toEqual(["K3023"]);
  });
});

describe("devices", () => {
  test("names do not depend on the order, and stay when another disk comes or goes", () => {
    const labels = ["data", "logs", "archive"];
    const all = assignDevices(labels, blockDevices);
    expect(assignDevices(labels.toReversed(), blockDevices)).toEqual(all);
    expect(new Set(all.values()).size).toBe(3);
    for (const left of labels)
      expect(assignDevices([left], attachedDevices).get(left)).toBe(assignDevices(labels, attachedDevices).get(left));
  });

  test("every name is given before one is missing", () => {
    const labels = Array.from({ length: 12 }, (_, n) => `d${n}`);
    const assigned = assignDevices(labels, blockDevices);
    expect(new Set(assigned.values())).toEqual(new Set(blockDevices));
    expect(assigned.size).toBe(11);
    expect(attachedDevices).toHaveLength(52);
    expect(attachedDevices).not.toEqual(expect.arrayContaining([...blockDevices]));
  });

  test("before Nitro the guest sees xvd, on Nitro the volume id", () => {
    const origin = { address: "machine.web", path: ["disk", "data", "id"] };
    expect(guestPath("xen", "/dev/sdf", origin)).toBe("/dev/xvdf");
    expect(guestPath("xen", "/dev/xvdba", origin)).toBe("/dev/xvdba");
    expect(typeof guestPath("nvme", "/dev/sdf", origin)).toBe("object");
  });
});
