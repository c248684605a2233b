// Every check of the portable kinds, on graphs built by hand: what it reports, where it points, and what it leaves alone.

import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { makeDeferred, makeSecret } from "../../grammar/graph/make-value.ts";
import type { PropMap, Secret } from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import { allow, buildGraph, type Declared, ref, runChecks } from "../support/portable-graph.ts";

const main: Declared = { kind: "network", name: "main", props: { cidr: "10.20.0.0/16" } };
const other: Declared = { kind: "network", name: "other", props: { cidr: "10.30.0.0/16" } };
const isolated: Declared = { kind: "network", name: "main", props: { cidr: "10.20.0.0/16", internet: false } };

function subnet(name: string, cidr: string, more: PropMap = {}, network = "network.main"): Declared {
  return { kind: "subnet", name, props: { network: ref(network), cidr, ...more } };
}

function machine(name: string, more: PropMap = {}, rest: Partial<Declared> = {}): Declared {
  return {
    kind: "machine",
    name,
    props: { cpu: 2, memory: 4 * 1024 ** 3, image: "ubuntu-24.04", subnet: ref("subnet.app"), ...more },
    ...rest,
  };
}

function key(text: string): Declared {
  return { kind: "key", name: "admin", props: { public_key: text } };
}

function deferred(address: string, ...path: readonly string[]) {
  const origin = { address, path };
  return makeDeferred(string, [origin], { op: "attribute", origin });
}

/** The codes found, with the offset of each primary place relative to its declaration. */
function check(...declared: readonly Declared[]): readonly Diagnostic[] {
  return runChecks(buildGraph(declared));
}

function codes(...declared: readonly Declared[]): readonly string[] {
  return check(...declared).map((problem) => problem.code);
}

/** Where a prop stands that was written as number `prop` of declaration number `declaration`. */
function placeAt(declaration: number, prop: number): number {
  return declaration * 1000 + 10 + prop;
}

const app = subnet("app", "10.20.0.0/24");

describe("ranges", () => {
  test("host bits are refused in networks, subnets and rules, with the range to write", () => {
    const [problem, ...rest] = check({ kind: "network", name: "main", props: { cidr: "10.20.0.1/16" } });
    expect(problem).toMatchObject({ code: "K2101", span: { start: placeAt(0, 0) }, hint: expect.stringContaining("10.20.0.0/16") });
    expect(rest).toEqual([]);
    expect(codes(main, subnet("app", "10.20.0.7/24"))).toEqual(["K2101"]);
    expect(
      codes(main, {
        kind: "firewall",
        name: "web",
        props: { network: ref("network.main") },
        rules: [allow("tcp", [22], "from", "198.51.100.7/24")],
      }),
    ).toEqual(["K2101"]);
  });

  test("IPv6 is refused wherever a range or a private address stands", () => {
    expect(codes({ kind: "network", name: "main", props: { cidr: "2001:db8::/56" } })).toEqual(["K2102"]);
    expect(codes(main, app, machine("web", { private_ip: "2001:db8::1" }))).toEqual(["K2102"]);
    expect(
      codes(main, { kind: "firewall", name: "web", props: { network: ref("network.main") }, rules: [allow("tcp", [22], "from", "::/0")] }),
    ).toEqual(["K2102"]);
  });

  test("a subnet lies inside its network", () => {
    const [problem] = check(main, subnet("app", "10.21.0.0/24"));
    expect(problem).toMatchObject({ code: "K2103", span: { start: placeAt(1, 1) }, related: [{ span: { start: placeAt(0, 0) } }] });
    expect(problem?.hint).toContain("10.20.0.0/24");
    expect(check(main, subnet("app", "10.0.0.0/8"))).toMatchObject([
      { code: "K2103", hint: "a subnet of 10.20.0.0/16 has a prefix of 16 or more" },
    ]);
    expect(check(main, subnet("app", "10.21.0.0/16"))[0]?.hint).toBe("use a range inside 10.20.0.0/16, such as 10.20.0.0/16");
    expect(codes(main, subnet("app", "no range at all"))).toEqual([]);
    expect(codes(main, subnet("app", "10.20.0.0/16"))).toEqual([]);
  });

  test("overlapping subnets show both ranges and the next free one of the size", () => {
    const found = check(main, app, subnet("db", "10.20.0.128/25"));
    expect(found).toEqual([
      expect.objectContaining({
        code: "K2107",
        message: "subnets `app` and `db` overlap",
        label: "10.20.0.128 – 10.20.0.255",
        related: [{ span: expect.objectContaining({ start: placeAt(1, 1) }), message: "10.20.0.0 – 10.20.0.255, of `app`" }],
        hint: "the next free range of this size in `main` is 10.20.1.0/25",
      }),
    ]);
    expect(codes(main, app, subnet("db", "10.20.1.0/24"))).toEqual([]);
  });

  test("the subnet that is written later is the one reported", () => {
    const [problem] = check(main, subnet("zeta", "10.20.0.128/25"), subnet("alpha", "10.20.0.0/24"));
    expect(problem).toMatchObject({ code: "K2107", message: "subnets `zeta` and `alpha` overlap", span: { start: placeAt(2, 1) } });
  });

  test("a full network says so, and subnets of different networks never overlap", () => {
    const [problem] = check(main, subnet("app", "10.20.0.0/16"), subnet("db", "10.20.0.0/17"));
    expect(problem?.hint).toContain("has no free range of this size left");
    expect(codes(main, { ...other, props: { cidr: "10.20.0.0/16" } }, app, subnet("db", "10.20.0.0/24", {}, "network.other"))).toEqual([]);
  });

  test("instances of one declaration make the mistake once", () => {
    const graph = buildGraph([main, ...["a", "b", "c"].map((zone) => ({ ...subnet("app", "10.20.0.0/24"), key: zone }))]);
    const places = graph.resources.get('subnet.app["a"]')?.places ?? {};
    const resources = new Map(
      [...graph.resources].map(([address, resource]) => [address, resource.kind === "subnet" ? { ...resource, places } : resource]),
    );
    expect(runChecks({ ...graph, resources }).map((problem) => problem.message)).toEqual(['subnets `app["a"]` and `app["b"]` overlap']);
  });
});

describe("subnets", () => {
  test("zones are letters", () => {
    const [problem] = check(main, subnet("app", "10.20.0.0/24", { zone: "eu-west-1b" }));
    expect(problem).toMatchObject({ code: "K2104", span: { start: placeAt(1, 2) }, hint: expect.stringContaining('write "b"') });
    expect(check(main, subnet("app", "10.20.0.0/24", { zone: "2" }))[0]?.hint).toContain('write "b"');
    expect(codes({ kind: "disk", name: "data", props: { size: 1024 ** 3, zone: "A" } })).toEqual(["K2104"]);
    expect(codes(main, subnet("app", "10.20.0.0/24", { zone: "f" }))).toEqual([]);
  });

  test("public is refused in a network without internet only when it is written", () => {
    expect(codes(isolated, subnet("app", "10.20.0.0/24", { public: true }))).toEqual(["K2110"]);
    expect(codes(isolated, app)).toEqual([]);
  });

  const back = (more: PropMap) => subnet("back", "10.20.1.0/24", { nat: ref("subnet.app"), ...more });

  test("nat leads through a public subnet of the same network", () => {
    expect(codes(main, app, back({ public: false }))).toEqual([]);
    expect(codes(main, subnet("app", "10.20.0.0/24", { public: false }), back({ public: false }))).toEqual(["K2106"]);
    expect(codes(main, other, subnet("app", "10.30.0.0/24", {}, "network.other"), back({ public: false }))).toEqual(["K2105"]);
    expect(codes(isolated, app, back({ public: false }))).toEqual(["K2111"]);
    expect(codes(main, subnet("back", "10.20.1.0/24", { public: false, nat: ref("subnet.back") }))).toEqual(["K2109"]);
  });

  test("nat needs public = false, and the hint knows whether public was written", () => {
    expect(check(main, app, back({}))[0]).toMatchObject({ code: "K2108", hint: expect.stringContaining("add `public = false`") });
    expect(check(main, app, back({ public: true }))[0]).toMatchObject({ code: "K2108", related: [{ span: { start: placeAt(2, 3) } }] });
  });

  test("nat_ip is read only of a subnet that is somebody's nat", () => {
    const output = { name: "seen_as", type: string, value: deferred("subnet.app", "nat_ip") };
    expect(runChecks(buildGraph([main, app], [output]))).toMatchObject([{ code: "K2112", span: { start: 900_000 } }]);
    expect(runChecks(buildGraph([main, app, back({ public: false })], [output]))).toEqual([]);
    expect(codes(main, app, machine("web", { tags: { seen: deferred("subnet.app", "nat_ip") } }))).toEqual(["K2112"]);
    expect(codes(main, app, machine("web", { user_data: makeSecret(deferred("subnet.app", "nat_ip")) as Secret }))).toEqual(["K2112"]);
    expect(codes(main, app, machine("web", { tags: { seen: deferred("subnet.app", "id") } }))).toEqual([]);
  });
});

describe("firewalls", () => {
  const firewall = (...rules: NonNullable<Declared["rules"]>): Declared => ({
    kind: "firewall",
    name: "web",
    props: { network: ref("network.main") },
    rules,
  });

  test.each([
    [[0], "K2201"],
    [[65_536], "K2201"],
    [[[8100, 8000]], "K2202"],
    [[1, 65_535, [8000, 8000]], undefined],
  ] as const)("ports %j", (ports, code) => {
    expect(codes(main, firewall(allow("tcp", ports, "from", "any")))).toEqual(code ? [code] : []);
  });

  test("icmp and any take no ports", () => {
    expect(check(main, firewall(allow("icmp", [8], "from", "any")))).toMatchObject([{ code: "K2203", message: "icmp has no ports" }]);
    expect(check(main, firewall(allow("any", [80], "to", "any")))).toMatchObject([
      { code: "K2203", message: "a rule for any protocol has no ports", hint: expect.stringContaining("one rule for tcp and one for udp") },
    ]);
    expect(codes(main, firewall(allow("icmp", [], "from", "any"), allow("any", [], "to", "any")))).toEqual([]);
  });

  test("a rule is written once, whatever else stands beside it", () => {
    const found = check(main, firewall(allow("tcp", [80, 443], "from", "any"), allow("tcp", [443], "from", "10.0.0.0/8", "0.0.0.0/0")));
    expect(found).toMatchObject([{ code: "K2204", message: "`allow tcp 443 from any` is written twice", span: { start: placeAt(1, 2) } }]);
    expect(found[0]?.related).toMatchObject([{ span: { start: placeAt(1, 1) } }]);
    expect(codes(main, firewall(allow("tcp", [80, 80], "from", "any")))).toEqual(["K2204"]);
    expect(
      codes(main, firewall(allow("tcp", [443], "from", "any"), allow("udp", [443], "from", "any"), allow("tcp", [443], "to", "any"))),
    ).toEqual([]);
    expect(codes(main, firewall(allow("tcp", [], "from", "any"), allow("tcp", [443], "from", "any")))).toEqual([]);
  });

  test("a firewall named as a peer is of the same network; a subnet may be of another", () => {
    const app2: Declared = { kind: "firewall", name: "app", props: { network: ref("network.other") } };
    expect(codes(main, other, app2, firewall(allow("tcp", [5432], "from", "firewall.app")))).toEqual(["K2205"]);
    expect(codes(main, other, firewall(allow("tcp", [5432], "from", "firewall.web", "network.other")))).toEqual([]);
  });
});

describe("keys", () => {
  const ed25519 = makeKey("ed25519");

  test("real keys of every taken type are taken, with and without a comment", () => {
    for (const text of [
      ed25519,
      `${ed25519} a comment with spaces\n`,
      makeKey("rsa", 2048),
      makeKey("ec", "P-256"),
      makeKey("ec", "P-384"),
      makeKey("ec", "P-521"),
    ]) {
      expect(codes(key(text)), text).toEqual([]);
    }
  });

  test("keys of security devices are taken, and judged as strictly", () => {
    const ed = ["sk-ssh-ed25519@openssh.com", field(Buffer.alloc(32, 7)), field("ssh:")] as const;
    const ec = ["sk-ecdsa-sha2-nistp256@openssh.com", field("nistp256"), field(Buffer.alloc(65, 4)), field("ssh:")] as const;
    expect(codes(key(line(...ed)))).toEqual([]);
    expect(codes(key(line(...ec)))).toEqual([]);
    expect(codes(key(line(ed[0], ed[1])))).toEqual(["K2302"]);
    expect(codes(key(line(ed[0], field(Buffer.alloc(31)), ed[2])))).toEqual(["K2302"]);
    expect(codes(key(line(ec[0], ec[1], ec[2])))).toEqual(["K2302"]);
    expect(codes(key(line("ecdsa-sha2-nistp384", ec[1], ec[2])))).toEqual(["K2302"]);
  });

  test("a private key is reported without a word of it, and its line is concealed", () => {
    const pem = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const [problem] = check(key(pem));
    expect(problem).toMatchObject({ code: "K2301", conceal: true });
    const secretPart = pem.split("\n")[1] ?? "";
    expect(JSON.stringify(problem)).not.toContain(secretPart.slice(0, 12));
  });

  test.each([
    ["empty", "  "],
    ["one word", "AAAAC3NzaC1lZDI1NTE5AAAA"],
    ["cut", ed25519.slice(0, -12)],
    ["another type outside than inside", ed25519.replace("ssh-ed25519", "ssh-rsa")],
    ["not base64", "ssh-ed25519 AAAA*C3NzaC1lZDI1NTE5AAAA"],
    ["two keys", `${ed25519}\n${ed25519}`],
    ["options before it", `no-pty ${ed25519}`],
    ["PEM", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----"],
    [
      "trailing bytes",
      `ssh-ed25519 ${Buffer.concat([Buffer.from(ed25519.split(" ")[1] ?? "", "base64"), Buffer.from([0, 0, 0])]).toString("base64")}`,
    ],
  ])("%s does not parse", (_, text) => {
    const [problem, ...rest] = check(key(text));
    expect(problem).toMatchObject({ code: "K2302", hint: expect.any(String) });
    expect(rest).toEqual([]);
  });

  test("short RSA keys and DSA keys are refused", () => {
    expect(codes(key(makeKey("rsa", 1024)))).toEqual(["K2303"]);
    expect(codes(key(`ssh-dss ${Buffer.concat([field("ssh-dss"), field("x")]).toString("base64")}`))).toEqual(["K2303"]);
  });

  test("a deferred key is left to apply", () => {
    expect(codes({ kind: "key", name: "admin", props: { public_key: deferred("machine.web", "name") } })).toEqual([]);
  });
});

describe("machines", () => {
  test("private addresses lie in the subnet and are given once", () => {
    expect(codes(main, app, machine("web", { private_ip: "10.20.0.10" }), machine("db", { private_ip: "10.20.0.11" }))).toEqual([]);
    expect(check(main, app, machine("web", { private_ip: "10.20.1.10" }))).toMatchObject([
      { code: "K2401", span: { start: placeAt(2, 4) } },
    ]);
    const twice = check(main, app, machine("web", { private_ip: "10.20.0.10" }), machine("db", { private_ip: "10.20.0.10" }));
    expect(twice).toMatchObject([{ code: "K2402", span: { start: placeAt(3, 4) }, related: [{ span: { start: placeAt(2, 4) } }] }]);
    expect(codes(main, app, machine("web", { private_ip: deferred("machine.db", "private_ip") }))).toEqual([]);
  });

  test("firewalls are of the machine's network, and listed once", () => {
    const web: Declared = { kind: "firewall", name: "web", props: { network: ref("network.main") } };
    const far: Declared = { kind: "firewall", name: "far", props: { network: ref("network.other") } };
    expect(codes(main, other, app, web, far, machine("web", { firewall: [ref("firewall.web")] }))).toEqual([]);
    expect(codes(main, other, app, web, far, machine("web", { firewall: [ref("firewall.web"), ref("firewall.far")] }))).toEqual(["K2403"]);
    expect(codes(main, app, web, machine("web", { firewall: [ref("firewall.web"), ref("firewall.web")] }))).toEqual(["K2410"]);
  });

  test("public needs a public subnet and a network with internet", () => {
    const closed = subnet("app", "10.20.0.0/24", { public: false });
    const address: Declared = { kind: "address", name: "front" };
    expect(codes(main, closed, machine("web", { public: true }))).toEqual(["K2404"]);
    expect(codes(main, closed, address, machine("web", { public: ref("address.front") }))).toEqual(["K2404"]);
    expect(codes(isolated, app, machine("web", { public: true }))).toEqual(["K2405"]);
    expect(codes(main, closed, machine("web", { public: false }))).toEqual([]);
    expect(codes(main, app, machine("web", { public: true }))).toEqual([]);
  });

  test("an address serves one machine", () => {
    const address: Declared = { kind: "address", name: "front" };
    const found = check(
      main,
      app,
      address,
      machine("blue", { public: ref("address.front") }),
      machine("green", { public: ref("address.front") }),
    );
    expect(found).toMatchObject([{ code: "K2601", span: { start: placeAt(4, 4) }, related: [{ span: { start: placeAt(3, 4) } }] }]);
    expect(codes(main, app, address, machine("blue", { public: ref("address.front") }))).toEqual([]);
  });

  test("spot machines stay on", () => {
    expect(codes(main, app, machine("web", { spot: true, power: "off" }))).toEqual(["K2406"]);
    expect(codes(main, app, machine("web", { spot: true }), machine("db", { power: "off" }))).toEqual([]);
  });

  test.each([
    ["Web_1", "web-1"],
    ["-web", "web"],
    ["web.", "web"],
    ["a..b", "a.b"],
    ["x".repeat(64), "x".repeat(63)],
    ["", undefined],
    ["ü", undefined],
  ])("host name %j is refused", (hostname, suggestion) => {
    const [problem] = check(main, app, machine("web", { hostname }));
    expect(problem).toMatchObject({
      code: "K2407",
      hint: suggestion ? `use a name such as "${suggestion}"` : "use small letters, digits and hyphens",
    });
  });

  test.each(["web", "web-1.example", "1", "x".repeat(63)])("host name %j is taken", (hostname) => {
    expect(codes(main, app, machine("web", { hostname }))).toEqual([]);
  });

  test("every disk block but the root has a size", () => {
    expect(codes(main, app, machine("web", {}, { blocks: { disk: { root: {}, data: { size: 1024 ** 3 } } } }))).toEqual([]);
    expect(check(main, app, machine("web", {}, { blocks: { disk: { data: {} } } }))).toMatchObject([
      { code: "K2409", span: { start: placeAt(2, 4) } },
    ]);
  });

  test("packages without a way out are a warning", () => {
    const packages = { cloud_init: { packages: ["nginx"] } };
    const closed = subnet("app", "10.20.0.0/24", { public: false });
    const behindNat = subnet("app", "10.20.0.0/24", { public: false, nat: ref("subnet.front") });
    expect(check(main, closed, machine("web", packages))).toMatchObject([{ code: "K2408", severity: "warning" }]);
    expect(check(main, app, machine("web", packages))).toMatchObject([{ code: "K2408" }]);
    expect(codes(isolated, app, machine("web", packages))).toEqual(["K2408"]);
    expect(codes(main, app, machine("web", { ...packages, public: true }))).toEqual([]);
    expect(codes(main, subnet("front", "10.20.9.0/24"), behindNat, machine("web", packages))).toEqual([]);
    expect(codes(main, closed, machine("web", { cloud_init: { packages: [] } }))).toEqual([]);
    expect(codes(main, closed, machine("web", { cloud_init: { package_update: true } }))).toEqual(["K2408"]);
    expect(codes(main, closed, machine("web", { cloud_init: { package_upgrade: true } }))).toEqual(["K2408"]);
    expect(codes(main, closed, machine("web", { cloud_init: { package_upgrade: false, runcmd: ["true"] } }))).toEqual([]);
    expect(
      codes(main, closed, machine("web", { cloud_init: makeSecret(new Map([["packages", ["nginx"]]])) as unknown as Secret })),
    ).toEqual([]);
  });

  test("packages are a list", () => {
    expect(codes(main, app, machine("web", { public: true, cloud_init: { packages: "nginx" } }))).toEqual(["K2412"]);
    expect(codes(main, app, machine("web", { public: true, cloud_init: { packages: deferred("machine.db", "name") } }))).toEqual([]);
  });

  test("replacing before is refused for what cannot exist twice", () => {
    const before = { annotations: { replace: "before" } } as const;
    const disk: Declared = { kind: "disk", name: "data", props: { size: 1024 ** 3, attach: ref("machine.web") } };
    expect(codes(main, app, machine("web", {}, before))).toEqual([]);
    expect(codes(main, app, machine("web", { private_ip: "10.20.0.10" }, before))).toEqual(["K2411"]);
    expect(codes(main, app, { kind: "address", name: "front" }, machine("web", { public: ref("address.front") }, before))).toEqual([
      "K2411",
    ]);
    expect(check(main, app, machine("web", {}, before), disk)).toMatchObject([{ code: "K2411", span: { start: placeAt(3, 1) } }]);
    expect(codes(main, app, machine("web", { private_ip: "10.20.0.10" }, { annotations: { replace: "after" } }), disk)).toEqual([]);
  });
});

describe("disks", () => {
  test("a disk is in its machine's zone", () => {
    const far = subnet("app", "10.20.0.0/24", { zone: "b" });
    const disk = (more: PropMap): Declared => ({
      kind: "disk",
      name: "data",
      props: { size: 1024 ** 3, attach: ref("machine.web"), ...more },
    });
    expect(check(main, far, machine("web"), disk({ zone: "a" }))).toMatchObject([
      { code: "K2501", related: [{ span: { start: placeAt(1, 2) } }] },
    ]);
    expect(codes(main, far, machine("web"), disk({ zone: "b" }))).toEqual([]);
    expect(codes(main, far, machine("web"), disk({}))).toEqual([]);
  });
});

test("references that lead nowhere silence the checks instead of breaking them", () => {
  const lost = ref("network.lost");
  expect(
    codes(
      { kind: "subnet", name: "app", props: { network: lost, cidr: "10.0.0.0/24", public: true } },
      machine("web", {
        subnet: ref("subnet.lost"),
        firewall: [ref("firewall.lost")],
        public: ref("address.lost"),
        cloud_init: { packages: ["x"] },
      }),
      { kind: "disk", name: "data", props: { size: 1, attach: ref("machine.lost"), zone: "a" } },
    ),
  ).toEqual([]);
});

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function positive(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  return field((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** An OpenSSH line of a fresh key, written from the key's JWK by RFC 4253, 5656 and 8709. */
function makeKey(type: "ed25519"): string;
function makeKey(type: "rsa", bits: number): string;
function makeKey(type: "ec", curve: "P-256" | "P-384" | "P-521"): string;
function makeKey(type: "ed25519" | "rsa" | "ec", parameter?: number | string): string {
  if (type === "ed25519") {
    const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
    return line("ssh-ed25519", field(Buffer.from(x, "base64url")));
  }
  if (type === "rsa") {
    const { e = "", n = "" } = generateKeyPairSync("rsa", { modulusLength: Number(parameter) }).publicKey.export({ format: "jwk" });
    return line("ssh-rsa", positive(e), positive(n));
  }
  const { x = "", y = "" } = generateKeyPairSync("ec", { namedCurve: String(parameter) }).publicKey.export({ format: "jwk" });
  const curve = `nistp${String(parameter).slice(2)}`;
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  return line(`ecdsa-sha2-${curve}`, field(curve), field(point));
}

function line(type: string, ...fields: readonly Buffer[]): string {
  return `${type} ${Buffer.concat([field(type), ...fields]).toString("base64")}`;
}
