// What the fixtures do not show of the lowerings: limits, choices under a lock, names, labels, secrets.

import { describe, expect, test } from "vitest";
import { describeNativeValue } from "../../../engine/lower/describe.ts";
import type { NativeMap, NativeSecret, NativeValue } from "../../../engine/lower/native-value.ts";
import { tagOf } from "../../../grammar/graph/value.ts";
import { codesOf, lockOf, lowerSource, propsOf } from "../../../test/support/lower-source.ts";

const cloud = 'cloud gcp { project = "koine-tests", region = "europe-west1" }';
const place = `stack shop on gcp
${cloud}
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

function machine(items: string, image = "ubuntu-24.04"): string {
  return `${place}machine web {
  cpu = 2, memory = 4GiB, image = "${image}", subnet = app
  ${items}
}
`;
}

function namesOf(source: string): readonly string[] {
  return [...(lowerSource(source).native?.objects.values() ?? [])].flatMap(({ props }) =>
    typeof props.name === "string" ? [props.name] : [],
  );
}

describe("pins", () => {
  test("a pinned size, zone and image are used and not chosen again", () => {
    const size = lockOf("gcp", "size", "2cpu-4GiB-x86_64/europe-west1", "n2-standard-2");
    expect(propsOf(machine(""), "machine.web:instance", size).machineType).toBe("n2-standard-2");
    expect(lowerSource(machine(""), size).native?.choices.map(({ kind }) => kind)).toEqual(["zone"]);
    expect(propsOf(machine(""), "machine.web:instance", lockOf("gcp", "zone", "a/europe-west1", "europe-west1-d")).zone).toBe(
      "europe-west1-d",
    );
    const path = "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v20260801";
    const image = lockOf("gcp", "image", "ubuntu-24.04/global/x86_64", path);
    expect(propsOf(machine(""), "machine.web:instance", image).disks).toMatchObject([
      { deviceName: "root", boot: true, sourceImage: path },
    ]);
    expect(lowerSource(machine(""), image).native?.pinRequests).toEqual([]);
  });

  test("a pinned size of the newest series changes the disks with it", () => {
    const size = lockOf("gcp", "size", "2cpu-4GiB-x86_64/europe-west1", "n4-standard-2");
    expect(propsOf(machine(""), "machine.web:instance", size).disks).toMatchObject([{ type: "hyperdisk-balanced" }]);
  });

  test("an image by its path is taken as it is, and cloud-init is believed to be in it", () => {
    const source = machine('cloud_init = { timezone = "UTC" }', "projects/koine-tests/global/images/base-1");
    const { native } = lowerSource(source);
    expect(native?.pinRequests).toEqual([]);
    const { disks, userData, shieldedInstanceConfig } = native?.objects.get("machine.web:instance")?.props ?? {};
    expect(disks).toMatchObject([{ sourceImage: "projects/koine-tests/global/images/base-1" }]);
    expect(userData).toBe("#cloud-config\ntimezone: UTC\n");
    expect(shieldedInstanceConfig).toBeUndefined();
    expect(native?.outputs.get("machine.web")?.ssh_user).toBe("koine");
  });
});

describe("images of the stack", () => {
  const source = `${machine('disk root { size = 20GiB }\n  on gcp { ssh_user = "operator" }', "debian-12")}snapshot built { disk = web.disk.root }
image golden { from = built }
machine copy { cpu = 2, memory = 4GiB, image = golden, subnet = app, user_data = "#!/bin/sh" }
`;

  test("are as the machine was that they came from: who logs in, and whether there is cloud-init", () => {
    const { disks, userData, startupScript } = propsOf(source, "machine.copy:instance");
    expect(describeNativeValue((disks as readonly NativeMap[])[0]?.sourceImage ?? null)).toBe("${image.golden:image.selfLink}");
    expect(userData).toBeUndefined();
    expect(String(startupScript)).toContain("koine-end-of-script");
    expect(lowerSource(source).native?.outputs.get("machine.copy")?.ssh_user).toBe("operator");
  });

  test("are not asked to boot verified: what was changed since may be unsigned", () => {
    expect(propsOf(source, "machine.web:instance").shieldedInstanceConfig).toBeDefined();
    expect(propsOf(source, "machine.copy:instance").shieldedInstanceConfig).toBeUndefined();
  });
});

describe("private addresses", () => {
  test.each([0, 1, 254, 255])("10.20.0.%i is Google's", (host) => {
    expect(codesOf(machine(`private_ip = 10.20.0.${host}`))).toHaveLength(1);
  });

  test.each([2, 253])("10.20.0.%i is free", (host) => {
    expect(propsOf(machine(`private_ip = 10.20.0.${host}`), "machine.web:instance").networkIP).toBe(`10.20.0.${host}`);
  });
});

describe("ranges", () => {
  const subnet = (network: string, cidr: string): string =>
    `stack shop on gcp\n${cloud}\nnetwork main { cidr = ${network} }\nsubnet app { network = main, cidr = ${cidr} }\n`;
  test.each([
    ["10.0.0.0/8", "10.0.0.0/8", []],
    ["10.0.0.0/8", "10.0.0.0/29", []],
    ["10.0.0.0/8", "10.0.0.0/30", ["K3015"]],
    ["199.36.153.0/24", "199.36.153.16/28", ["K3036"]], // once, at the network that has the whole range
    ["224.0.0.0/16", "224.0.0.0/24", ["K3036"]],
  ])("%s with %s", (network, cidr, codes) => {
    expect(codesOf(subnet(network, cidr))).toEqual(codes);
  });
});

describe("disks", () => {
  const disk = (items: string): string => `stack shop on gcp\n${cloud}\ndisk data { ${items} }\n`;
  test.each([
    ["size = 10GiB", []],
    ["size = 9GiB", ["K3021"]],
    ["size = 64TiB", []],
    ["size = 20GB", ["K3021"]],
    ['size = 10GiB, type = "hdd"', []],
    ["size = 10GiB, encrypted = true", []],
    ["size = 10GiB, encrypted = false", ["K3035"]],
  ])("%s", (items, codes) => {
    expect(codesOf(disk(items))).toEqual(codes);
  });

  test.each([
    ["n2-standard-2", "ssd", "pd-balanced"],
    ["n2-standard-2", "hdd", "pd-standard"],
    ["c3-standard-4", "ssd", "pd-balanced"],
    ["c3-standard-4", "hdd", "K3044"],
    ["n4-standard-2", "ssd", "hyperdisk-balanced"],
    ["n4-standard-2", "hdd", "K3044"],
  ])("on %s an %s is %s, of the machine and attached alike", (type, made, expected) => {
    const named = `on gcp { machine_type = "${type}" }`;
    const own = machine(`disk data { size = 100GiB, type = "${made}" }\n  ${named}`);
    const attached = `${machine(named)}disk data { size = 100GiB, type = "${made}", attach = web }\n`;
    if (expected.startsWith("K")) {
      expect(codesOf(own)).toEqual([expected]);
      expect(codesOf(attached)).toEqual([expected]);
      return;
    }
    expect(propsOf(own, "machine.web:instance").disks).toMatchObject([{}, { deviceName: "data", type: expected }]);
    expect(propsOf(attached, "disk.data:disk").type).toBe(expected);
  });

  test("Hyperdisk begins at 4 GiB, and a disk may say its type", () => {
    expect(codesOf(disk('size = 4GiB\n  on gcp { disk_type = "hyperdisk-balanced" }'))).toEqual([]);
    const attached = `${machine("")}disk data {\n  size = 10GiB, attach = web\n  on gcp { disk_type = "hyperdisk-balanced" }\n}\n`;
    expect(codesOf(attached)).toEqual(["K3044"]);
  });

  test.each([
    ["128 disks, the root included", 127, "", []],
    ["129 disks", 128, "", ["K3034"]],
    ["16 on a shared core", 15, "burst = true", []],
    ["17 on a shared core", 16, "burst = true", ["K3034"]],
  ])("%s", (_, attached, items, codes) => {
    expect(codesOf(`${machine(items)}disk data[${attached}] { size = 10GiB, attach = web }\n`)).toEqual(codes);
  });

  test("labels that are no device names are changed, and stay apart", () => {
    const { disks } = propsOf(
      machine("disk Data { size = 10GiB }\n  disk data { size = 10GiB }\n  disk da_ta { size = 10GiB }"),
      "machine.web:instance",
    );
    const names = (disks as readonly NativeMap[]).map(({ deviceName }) => String(deviceName));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
    expect(names).toContain("data");
  });
});

describe("names", () => {
  const legal = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

  test("all are legal with room for a generation, and none is given twice to one type", () => {
    const long = "a".repeat(60);
    const source = `stack a_stack_with_a_name_of_some_length on gcp
${cloud}
network ${long} { cidr = 10.20.0.0/16 }
subnet Edge_ { network = ${long}, cidr = 10.20.0.0/24 }
subnet inner["x-"] { network = ${long}, cidr = 10.20.1.0/24, public = false, nat = Edge_ }
firewall ${long}_f {
  network = ${long}
  allow tcp 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 from any, 192.0.2.0/24
  allow tcp 1-2, 5 from 198.51.100.0/24
  allow udp 1, 2-5 from 198.51.100.0/24
  allow udp 1-2, 5 from 198.51.100.0/24
}
`.replace('["x-"]', '[k in ["x-"]]');
    const { native, diagnostics } = lowerSource(source);
    expect(diagnostics).toEqual([]);
    const names = [...(native?.objects.values() ?? [])].map(({ type, props }) => `${type} ${String(props.name)}`);
    expect(names.length).toBeGreaterThan(9);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(name.split(" ")[1]).toMatch(legal);
      expect((name.split(" ")[1] ?? "").length).toBeLessThanOrEqual(59);
    }
  });

  test("two that differ in case alone stay apart", () => {
    const [upper, lower] = namesOf(`stack shop on gcp\n${cloud}\naddress Front {}\naddress front {}\n`);
    expect(lower).toBe("shop-front");
    expect(upper).toMatch(/^shop-front-[0-9a-f]{6}$/);
  });
});

describe("labels", () => {
  const address = (tags: string): string => `stack shop on gcp\n${cloud}\naddress front { tags = { ${tags} } }\n`;
  test.each([
    ['team = "web"', []],
    ['team = ""', []],
    ['"team_1-x" = "größe-日本"', []],
    ['Team = "web"', ["K3014"]],
    ['"1team" = "web"', ["K3014"]],
    ['"" = "web"', ["K3014"]],
    ['"te.am" = "web"', ["K3014"]],
    ['team = "Web"', ["K3014"]],
    ['team = "a b"', ["K3014"]],
    [`team = "${"x".repeat(63)}"`, []],
    [`team = "${"x".repeat(64)}"`, ["K3014"]],
    ['"koine-x" = "web"', ["K3013"]],
    ['"goog-x" = "web"', ["K3013"]],
    ['"goo-x" = "web"', []],
    [Array.from({ length: 59 }, (_, n) => `t${n} = "x"`).join(", "), []],
    [Array.from({ length: 60 }, (_, n) => `t${n} = "x"`).join(", "), ["K3012"]],
  ])("%s", (tags, codes) => {
    expect(codesOf(address(tags))).toEqual(codes);
  });

  test("the stack's go where there are labels, and nowhere else", () => {
    const { native } = lowerSource(machine("").replace("stack shop on gcp", 'stack shop on gcp { tags = { team = "web" } }'));
    const labelled = [...(native?.objects.values() ?? [])].filter(({ props }) => props.labels !== undefined).map(({ type }) => type);
    expect(labelled).toEqual(["gcp.compute.Instance"]);
  });

  test("a mistake in the stack's tags is told once", () => {
    expect(codesOf(machine("").replace("stack shop on gcp", 'stack shop on gcp { tags = { Team = "web" } }'))).toEqual(["K3014"]);
  });
});

describe("firewalls", () => {
  const rules = (items: string): string => `${place}firewall web {\n  network = main\n  ${items}\n}\n`;

  test("what nobody carries admits nobody: no rule is made that would mean everyone", () => {
    const { native } = lowerSource(`${rules("allow tcp 80 to idle")}firewall idle { network = main }\n`);
    expect([...(native?.objects.keys() ?? [])].filter((key) => key.startsWith("firewall.web"))).toEqual(["firewall.web:deny-egress"]);
  });

  test("rules on the same ports are one, whatever `allow` their peers stand in", () => {
    const { native } = lowerSource(rules("allow tcp 80 from 192.0.2.1\n  allow tcp 80 from 192.0.2.2\n  allow tcp 81 from 192.0.2.2"));
    const ranges = [...(native?.objects.values() ?? [])].map(({ props }) => props.sourceRanges).filter((range) => range !== undefined);
    expect(ranges).toEqual([["192.0.2.1/32", "192.0.2.2/32"], ["192.0.2.2/32"]]);
  });

  test("all ports, all protocols", () => {
    const { native } = lowerSource(
      rules("allow tcp from any\n  allow any to any\n  allow udp 0-65535 from any".replace("0-65535", "1-65535")),
    );
    const allowed = [...(native?.objects.values() ?? [])].map(({ props }) => props.allowed).filter((value) => value !== undefined);
    expect(allowed).toEqual([[{ IPProtocol: "tcp" }], [{ IPProtocol: "all" }], [{ IPProtocol: "udp", ports: ["1-65535"] }]]);
  });

  test("machines wait for rules whose peers are known, and for no other", () => {
    const { native } = lowerSource(`${rules("allow tcp 80 from any\n  allow tcp 22 from one.private_ip\n  allow tcp 5432 to web")}
machine one { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app, firewall = web }
`);
    expect(native?.objects.get("machine.one:instance")?.after.filter((key) => key.startsWith("firewall"))).toEqual([
      "firewall.web:deny-egress",
      "firewall.web:rule-ingress-tcp-80-ranges",
    ]);
  });

  test.each([
    [64, []],
    [65, ["K3033"]],
  ])("%i network tags of all kinds", (count, codes) => {
    const firewalls = `firewall f[60] { network = main }\n`;
    const own = Array.from({ length: count - 60 }, (_, n) => `"t${n}"`).join(", ");
    expect(codesOf(`${machine(`firewall = f\n  on gcp { network_tags = [${own}] }`)}${firewalls}`)).toEqual(codes);
  });
});

describe("the first boot", () => {
  const bootOf = (items: string, image: string): readonly (NativeValue | undefined)[] => {
    const { userData, startupScript } = propsOf(machine(items, image), "machine.web:instance");
    return [userData, startupScript];
  };

  test("with cloud-init the text is given as it is", () => {
    expect(bootOf('user_data = "#!/bin/sh\\necho grüße"', "ubuntu-24.04")).toEqual(["#!/bin/sh\necho grüße", undefined]);
  });

  test("without it a script runs once, whatever it is written in", () => {
    const [userData, script] = bootOf('user_data = "#!/usr/bin/python3\\nprint(1)"', "debian-12");
    expect(userData).toBeUndefined();
    expect(String(script)).toMatch(
      /^#!\/bin\/sh\n[\s\S]*\nif \[ -e "\$done" \]; then exit 0; fi\n[\s\S]*#!\/usr\/bin\/python3\nprint\(1\)\n[\s\S]*exec "\$script"\n$/,
    );
  });

  test("a secret anywhere inside makes the whole a secret, which no description shows", () => {
    const source = `input token: secret string = "hunter2"\n${machine('user_data = "#!/bin/sh\\necho ${token}"', "debian-12")}`;
    const { startupScript } = propsOf(source, "machine.web:instance");
    expect(tagOf(startupScript)).toBe("secret");
    expect(String((startupScript as NativeSecret).value)).toContain("hunter2");
    expect(describeNativeValue(startupScript ?? null)).toBe("(secret)");
  });

  test("what begins with something unknown is not judged a script", () => {
    const source = `${machine('user_data = "${other.private_ip} is no script"', "debian-12")}machine other { cpu = 2, memory = 4GiB, image = "debian-12", subnet = app }\n`;
    expect(codesOf(source)).toEqual(["K3047"]);
  });

  test.each([
    ["ubuntu-24.04", 262_144, []],
    ["ubuntu-24.04", 262_145, ["K3023"]],
    ["debian-12", 262_144, ["K3023"]], // with the guard around it
  ])("%s with %i bytes", (image, bytes, codes) => {
    const source = `input script: secret string = "#!${"x".repeat(bytes - 2)}"\n${machine("user_data = script", image)}`;
    expect(codesOf(source)).toEqual(codes);
  });
});

describe("who logs in", () => {
  const key = 'key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" }\n';
  test.each([
    ["ubuntu-24.04", "", "ubuntu"],
    ["debian-12", "", "debian"],
    ["rocky-9", '\n  on gcp { ssh_user = "operator" }', "operator"],
  ])("%s%s: %s", (image, more, user) => {
    const { sshKeys, metadata } = propsOf(`${machine(`key = admin${more}`, image)}${key}`, "machine.web:instance");
    expect(sshKeys).toEqual([`${user}:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me`]);
    expect(metadata).toEqual({ "enable-oslogin": "FALSE", "block-project-ssh-keys": "TRUE" });
  });

  test("the fingerprint is that of ssh-keygen", () => {
    const { native } = lowerSource(`${place}${key}`);
    expect(native?.outputs.get("key.admin")?.fingerprint).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  });
});

describe("host names", () => {
  test.each([
    ["web", "web.internal", []],
    ["web.example.com", "web.example.com", []],
    ["1web", undefined, ["K3045"]],
    ["web.1example.com", undefined, ["K3045"]],
  ])("%s", (hostname, expected, codes) => {
    const source = machine(`hostname = "${hostname}"`);
    expect(codesOf(source)).toEqual(codes);
    if (expected !== undefined) expect(propsOf(source, "machine.web:instance").hostname).toBe(expected);
  });
});

describe("identity", () => {
  test("an account has all that its roles allow, unless scopes bound it; none is none", () => {
    const email = "web@koine-tests.iam.gserviceaccount.com";
    const accountOf = (items: string): NativeValue | undefined => propsOf(machine(items), "machine.web:instance").serviceAccount;
    expect(accountOf("")).toBeUndefined();
    expect(accountOf(`on gcp { service_account = "${email}" }`)).toEqual({
      email,
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
    });
    expect(accountOf(`on gcp { service_account = "${email}", scopes = ["compute"] }`)).toEqual({
      email,
      scopes: ["https://www.googleapis.com/auth/compute"],
    });
  });
});
