// For every prop of every kind, two stacks that differ in that prop alone. What they become on each cloud shows whether the prop is honoured there, and
// what a change of it does. Data only; support-matrix.ts lowers them.

export interface SupportSample {
  /** `machine.power`, `machine.disk.size`, `firewall.allow`. */
  readonly prop: string;
  /** What tells it from another sample of the same prop: "grown", "shrunk". */
  readonly change?: string;
  /** Of the resource whose prop it is. */
  readonly address: string;
  readonly from: string;
  readonly to: string;
  /** Other values of the prop may do what these do not: a size is changed in place within a class. */
  readonly varies?: true;
}

/** The settings of a cloud block, by provider. */
export const settingsOf: Readonly<Record<string, string>> = {
  aws: 'region = "eu-west-1"',
  gcp: 'project = "koine-docs", region = "europe-west1"',
  azure: 'subscription = "00000000-0000-4000-8000-000000000000", region = "westeurope"',
};

const keyA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDe7D680+bksWKoHHHhhYISuU9IFa3xFwaapAGQBJmuG";
const keyB = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN8QgFSdVlOo+8y6EEkvzCJicrzXwAuyI6/ZZtoQ7aAP";

const sized = 'cpu = 2, memory = 8GiB, image = "ubuntu-24.04"';

/** What a sample may name: each part with the parts that it names itself. */
const parts: Readonly<Record<string, readonly [text: string, ...needs: string[]]>> = {
  main: ["network main { cidr = 10.0.0.0/16 }"],
  other: ["network other { cidr = 10.0.0.0/16 }"],
  app: ["subnet app { network = main, cidr = 10.0.0.0/24 }", "main"],
  edge: ["subnet edge { network = main, cidr = 10.0.8.0/24 }", "main"],
  rim: ["subnet rim { network = main, cidr = 10.0.9.0/24 }", "main"],
  far: ["subnet far { network = main, cidr = 10.0.7.0/24 }", "main"],
  web: ["firewall web {\n  network = main\n  allow tcp 80 from any\n}", "main"],
  ssh: ["firewall ssh {\n  network = main\n  allow tcp 22 from 192.0.2.0/24\n}", "main"],
  one: [`key one { public_key = "${keyA}" }`],
  two: [`key two { public_key = "${keyB}" }`],
  front: ["address front {}"],
  x: [`machine x { ${sized}, subnet = app }`, "app"],
  y: [`machine y { ${sized}, subnet = app }`, "app"],
  base: [`machine base {\n  ${sized}, subnet = app\n  disk root { size = 40GiB }\n}`, "app"],
  left: ["disk left { size = 200GiB }"],
  right: ["disk right { size = 200GiB }"],
  of_left: ["snapshot of_left { disk = left }", "left"],
  of_right: ["snapshot of_right { disk = right }", "right"],
  built: ["snapshot built { disk = base.disk.root }", "base"],
  rebuilt: ["snapshot rebuilt { disk = base.disk.root }", "base"],
  golden: ["image golden { from = built }", "built"],
};

function needed(names: readonly string[], into: Map<string, string>): ReadonlyMap<string, string> {
  for (const name of names) {
    const part = parts[name];
    if (!part) throw new Error(`no sample is called ${name}`);
    const [text, ...needs] = part;
    needed(needs, into);
    into.set(name, text);
  }
  return into;
}

/** A sample whose two texts are the parts named and one declaration each. */
function differ(prop: string, address: string, needs: readonly string[], from: string, to: string, change?: string): SupportSample {
  const before = [...needed(needs, new Map()).values()].join("\n");
  const whole = (declaration: string): string => `${before}\n${declaration}\n`;
  return { prop, address, from: whole(from), to: whole(to), ...(change === undefined ? {} : { change }) };
}

const network = (props: string): string =>
  `network n { ${props} }\nsubnet s { network = n, cidr = 10.0.0.0/24 }\nfirewall f {\n  network = n\n  allow tcp 80 from n\n}`;
const subnet = (props: string): string => `subnet s { ${props} }`;
const firewall = (body: string): string => `firewall f {\n  ${body}\n}`;

/** A machine in `app`, these lines taking the place of its own. */
function machine(...lines: readonly string[]): string {
  const own = { cpu: "cpu = 2", memory: "memory = 8GiB", image: 'image = "ubuntu-24.04"', subnet: "subnet = app" };
  const given = new Set(lines.map((line) => line.split(" ")[0]));
  const kept = Object.entries(own).flatMap(([name, line]) => (given.has(name) ? [] : [line]));
  return `machine m {\n  ${[...kept, ...lines].join("\n  ")}\n}`;
}

const ofMachine = (prop: string, needs: readonly string[], from: string, to: string, change?: string): SupportSample =>
  differ(`machine.${prop}`, "machine.m", ["app", ...needs], machine(...(from === "" ? [] : [from])), machine(to), change);
const ofDisk = (prop: string, needs: readonly string[], from: string, to: string, change?: string): SupportSample =>
  differ(`disk.${prop}`, "disk.d", needs, `disk d { ${from} }`, `disk d { ${to} }`, change);

const tags = ['tags = { role = "a" }', 'tags = { role = "b" }'] as const;

export const supportSamples: readonly SupportSample[] = [
  differ("network.cidr", "network.n", [], network("cidr = 10.0.0.0/16"), network("cidr = 10.0.0.0/20")),
  differ("network.internet", "network.n", [], network("cidr = 10.0.0.0/16"), network("cidr = 10.0.0.0/16, internet = false")),
  differ("network.tags", "network.n", [], network(`cidr = 10.0.0.0/16, ${tags[0]}`), network(`cidr = 10.0.0.0/16, ${tags[1]}`)),

  differ(
    "subnet.network",
    "subnet.s",
    ["main", "other"],
    subnet("network = main, cidr = 10.0.1.0/24"),
    subnet("network = other, cidr = 10.0.1.0/24"),
  ),
  differ("subnet.cidr", "subnet.s", ["main"], subnet("network = main, cidr = 10.0.1.0/24"), subnet("network = main, cidr = 10.0.2.0/24")),
  differ(
    "subnet.zone",
    "subnet.s",
    ["main"],
    `${subnet("network = main, cidr = 10.0.1.0/24")}\nmachine m { ${sized}, subnet = s }`,
    `${subnet('network = main, cidr = 10.0.1.0/24, zone = "b"')}\nmachine m { ${sized}, subnet = s }`,
  ),
  differ(
    "subnet.public",
    "subnet.s",
    ["main"],
    `${subnet("network = main, cidr = 10.0.1.0/24")}\nmachine m { ${sized}, subnet = s }`,
    `${subnet("network = main, cidr = 10.0.1.0/24, public = false")}\nmachine m { ${sized}, subnet = s }`,
  ),
  differ(
    "subnet.nat",
    "subnet.s",
    ["edge", "rim"],
    subnet("network = main, cidr = 10.0.1.0/24, public = false, nat = edge"),
    subnet("network = main, cidr = 10.0.1.0/24, public = false, nat = rim"),
  ),
  differ(
    "subnet.tags",
    "subnet.s",
    ["main"],
    subnet(`network = main, cidr = 10.0.1.0/24, ${tags[0]}`),
    subnet(`network = main, cidr = 10.0.1.0/24, ${tags[1]}`),
  ),

  differ(
    "firewall.network",
    "firewall.f",
    ["main", "other"],
    firewall("network = main\n  allow tcp 80 from any"),
    firewall("network = other\n  allow tcp 80 from any"),
  ),
  differ(
    "firewall.allow",
    "firewall.f",
    ["main"],
    firewall("network = main\n  allow tcp 80 from any"),
    firewall("network = main\n  allow tcp 443 from any"),
  ),
  differ(
    "firewall.tags",
    "firewall.f",
    ["main"],
    firewall(`network = main\n  ${tags[0]}\n  allow tcp 80 from any`),
    firewall(`network = main\n  ${tags[1]}\n  allow tcp 80 from any`),
  ),

  differ(
    "key.public_key",
    "key.k",
    ["app"],
    `key k { public_key = "${keyA}" }\n${machine("key = k")}`,
    `key k { public_key = "${keyB}" }\n${machine("key = k")}`,
  ),

  { ...ofMachine("cpu", [], "cpu = 2", "cpu = 4"), varies: true },
  { ...ofMachine("memory", [], "memory = 8GiB", "memory = 32GiB"), varies: true },
  // Small enough for a type that shares its processors on every cloud.
  {
    ...differ("machine.burst", "machine.m", ["app"], machine("memory = 4GiB", "burst = false"), machine("memory = 4GiB", "burst = true")),
    varies: true,
  },
  ofMachine("arch", [], 'arch = "x86_64"', 'arch = "arm64"'),
  ofMachine("image", [], 'image = "ubuntu-24.04"', 'image = "debian-12"'),
  ofMachine("image", ["golden"], 'image = "ubuntu-24.04"', "image = golden", "to an image of one's own"),
  ofMachine("subnet", ["far"], "subnet = app", "subnet = far"),
  ofMachine("hostname", [], 'hostname = "left"', 'hostname = "right"'),
  ofMachine("private_ip", [], "private_ip = 10.0.0.10", "private_ip = 10.0.0.11"),
  ofMachine("public", [], "public = false", "public = true"),
  ofMachine("public", ["front"], "public = true", "public = front", "to an address"),
  ofMachine("firewall", ["web", "ssh"], "firewall = web", "firewall = ssh"),
  ofMachine("key", ["one", "two"], "key = one", "key = two"),
  ofMachine("user_data", [], 'user_data = "#!/bin/sh\\necho left"', 'user_data = "#!/bin/sh\\necho right"'),
  ofMachine("cloud_init", [], 'cloud_init = { timezone = "UTC" }', 'cloud_init = { timezone = "Europe/Dublin" }'),
  ofMachine("spot", [], "spot = false", "spot = true"),
  ofMachine("power", [], 'power = "on"', 'power = "off"'),
  ofMachine("tags", [], tags[0], tags[1]),
  ofMachine("disk", [], "", "disk data { size = 100GiB }", "added"),
  ofMachine("disk.size", [], "disk data { size = 100GiB }", "disk data { size = 200GiB }", "grown"),
  ofMachine("disk.size", [], "disk data { size = 200GiB }", "disk data { size = 100GiB }", "shrunk"),
  ofMachine("disk.type", [], "disk data { size = 500GiB }", 'disk data { size = 500GiB, type = "hdd" }'),
  ofMachine("disk.encrypted", [], "disk data { size = 100GiB, encrypted = true }", "disk data { size = 100GiB, encrypted = false }"),

  ofDisk("size", [], "size = 100GiB", "size = 200GiB", "grown"),
  ofDisk("size", [], "size = 200GiB", "size = 100GiB", "shrunk"),
  ofDisk("type", [], "size = 500GiB", 'size = 500GiB, type = "hdd"'),
  ofDisk("zone", [], "size = 100GiB", 'size = 100GiB, zone = "b"'),
  ofDisk("encrypted", [], "size = 100GiB, encrypted = true", "size = 100GiB, encrypted = false"),
  ofDisk("snapshot", ["of_left", "of_right"], "size = 200GiB, snapshot = of_left", "size = 200GiB, snapshot = of_right"),
  ofDisk("attach", ["x", "y"], "size = 100GiB, attach = x", "size = 100GiB, attach = y"),
  ofDisk("tags", [], `size = 100GiB, ${tags[0]}`, `size = 100GiB, ${tags[1]}`),

  differ("address.tags", "address.a", [], `address a { ${tags[0]} }`, `address a { ${tags[1]} }`),

  differ("snapshot.disk", "snapshot.s", ["left", "right"], "snapshot s { disk = left }", "snapshot s { disk = right }"),
  differ(
    "snapshot.disk",
    "snapshot.s",
    ["left", "base"],
    "snapshot s { disk = left }",
    "snapshot s { disk = base.disk.root }",
    "to that of a machine",
  ),
  differ("snapshot.tags", "snapshot.s", ["left"], `snapshot s { disk = left, ${tags[0]} }`, `snapshot s { disk = left, ${tags[1]} }`),

  differ("image.from", "image.i", ["built", "rebuilt"], "image i { from = built }", "image i { from = rebuilt }"),
  differ("image.tags", "image.i", ["built"], `image i { from = built, ${tags[0]} }`, `image i { from = built, ${tags[1]} }`),
];
