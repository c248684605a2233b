// Reports as `koine plan --report` writes them, made by hand so that a page's every part stands in one: a small plan, a large one of any size, a plan that
// could not be made, and one whose every text is given.

import type { PlanReport, ReportChange, ReportGroup, ReportProp } from "../../cli/report/report.ts";
import type { Action } from "../../engine/plan/change.ts";

const noCounts = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, forget: 0, rename: 0, unchanged: 0, leftOut: 0 };

const empty: PlanReport = {
  koineReport: 1,
  koine: "0.1.0",
  stack: { name: "shop", folder: "stacks/shop", environment: "prod" },
  world: "simulated",
  mode: {},
  createdAt: "2026-03-01T12:30:00.000Z",
  clouds: [],
  counts: noCounts,
  groups: [],
  outputs: [],
  strays: [],
  settled: [],
  blocked: [],
  warnings: [],
  diagnostics: [],
  problems: [],
  trust: [],
};

export const nothingReport: PlanReport = { ...empty, counts: { ...noCounts, unchanged: 14 } };

export const failedReport: PlanReport = {
  ...empty,
  revision: "4f2a9c81d0e6b7358c9aa1e0d2f4b6c8e1a3d5f7",
  problems: [
    { message: "the sources have 2 errors" },
    {
      message: "aws refused to list the instances of eu-west-1: UnauthorizedOperation",
      hint: "the plan role needs ec2:DescribeInstances",
      place: { file: "stacks/shop/web.koine", line: 3, column: 1 },
    },
  ],
  diagnostics: [
    {
      code: "K2107",
      severity: "error",
      message: 'subnets `app["a"]` and `db` overlap',
      place: { file: "stacks/shop/network.koine", line: 14, column: 13 },
      hint: "the next free range of this size in `main` is 10.20.2.0/25",
    },
    { code: "K3001", severity: "warning", message: "`old` is never used", place: { file: "stacks/shop/web.koine", line: 9, column: 1 } },
  ],
};

const userData = (image: string): string =>
  `#cloud-config\npackages:\n  - nginx\n  - curl\nwrite_files:\n  - path: /etc/motd\n    content: "${image}"\nruncmd:\n  - systemctl enable --now nginx`;

function change(
  address: string,
  role: string,
  type: string,
  action: Action,
  props: readonly ReportProp[],
  more: Partial<ReportChange> = {},
): ReportChange {
  return { key: `${address}:${role}`, type, role, action, impact: "none", props, notes: [], ...more };
}

const smallGroups: readonly ReportGroup[] = [
  {
    address: "machine.web[1]",
    kind: "machine",
    cloud: "aws",
    action: "replace",
    about: "image → ubuntu-24.04 forces replacement",
    place: { file: "stacks/shop/web.koine", line: 31, column: 3 },
    changes: [
      change(
        "machine.web[1]",
        "instance",
        "aws.ec2.Instance",
        "replace",
        [
          { prop: "ImageId", from: "ami-0a1b2c3d4e5f60718", to: "ami-0c9d8e7f6a5b4c3d2", cause: "author", forces: "immutable" },
          { prop: "UserData", from: userData("ubuntu-22.04"), to: userData("ubuntu-24.04"), cause: "author" },
          {
            prop: "SubnetId",
            from: "subnet-0123",
            to: { $later: "known after subnet.app" },
            cause: "replacement",
            waitsFor: ["subnet.app.id"],
          },
        ],
        { impact: "downtime", order: "delete-first" },
      ),
      change(
        "machine.web[1]",
        "volume",
        "aws.ec2.Volume",
        "replace",
        [{ prop: "Encrypted", from: false, to: true, cause: "author", forces: "immutable" }],
        {
          impact: "data-loss",
          order: "create-first",
          possible: true,
          notes: ["the data of /dev/sdf is not copied"],
        },
      ),
    ],
  },
  {
    address: "disk.archive",
    kind: "disk",
    cloud: "gcp",
    action: "delete",
    about: "no longer in the source",
    changes: [change("disk.archive", "disk", "gcp.compute.Disk", "delete", [], { impact: "data-loss" })],
  },
  {
    address: "machine.web[2]",
    kind: "machine",
    cloud: "aws",
    action: "create",
    about: "2 cpu, memory 4 GiB, image ubuntu-24.04, subnet app, disk data 100 GiB",
    place: { file: "stacks/shop/web.koine", line: 31, column: 3 },
    changes: [
      change("machine.web[2]", "instance", "aws.ec2.Instance", "create", [
        { prop: "ImageId", to: "ami-0c9d8e7f6a5b4c3d2", cause: "author" },
        { prop: "InstanceType", to: "m7i.large", cause: "author" },
        { prop: "SubnetId", to: { $later: "known after subnet.app" }, cause: "deferred", waitsFor: ["subnet.app.id"] },
        { prop: "Password", secret: true, cause: "author" },
        { prop: "Tags", to: { Name: "web-2", team: "shop", $$cost: "web" }, cause: "author" },
      ]),
    ],
  },
  {
    address: "firewall.web",
    kind: "firewall",
    cloud: "aws",
    action: "update",
    about: "allow tcp 22 from 198.51.100.0/24 added",
    place: { file: "stacks/shop/web.koine", line: 22, column: 1 },
    changes: [
      change("firewall.web", "group", "aws.ec2.SecurityGroup", "update", [
        {
          prop: "Ingress",
          from: [{ port: 443, protocol: "tcp", source: "0.0.0.0/0", description: "allow https from everywhere" }],
          to: [
            { port: 443, protocol: "tcp", source: "0.0.0.0/0", description: "allow https from everywhere" },
            { port: 22, protocol: "tcp", source: "198.51.100.0/24", description: "allow ssh from the office" },
          ],
          cause: "both",
        },
        { prop: "Token", secret: true, cause: "author" },
      ]),
    ],
  },
  {
    address: "network.main",
    kind: "network",
    cloud: "gcp",
    action: "adopt",
    about: "",
    changes: [change("network.main", "network", "gcp.compute.Network", "adopt", [])],
  },
];

export const smallReport: PlanReport = {
  ...empty,
  revision: "4f2a9c81d0e6b7358c9aa1e0d2f4b6c8e1a3d5f7",
  clouds: [
    { name: "aws", provider: "aws", place: "eu-west-1" },
    { name: "gcp", provider: "gcp", place: "europe-west1" },
  ],
  counts: { ...noCounts, create: 1, update: 1, replace: 2, delete: 1, adopt: 1, unchanged: 14 },
  digest: {
    changes: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    basis: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
  },
  groups: smallGroups,
  outputs: [
    { name: "address", from: "203.0.113.7", to: "203.0.113.9", deferred: false, secret: false },
    { name: "password", deferred: false, secret: true },
    { name: "host", deferred: true, secret: false, waitsFor: ["machine.web[2].public_ip"] },
  ],
  strays: [{ type: "aws.ec2.Volume", id: "vol-0abc", address: "machine.web[0]", claimed: false }],
  warnings: ["the prices of 2 sizes are older than 90 days"],
  trust: ["koine.yaml is edited: the plan was made with the one of the base revision"],
  budget: { verdict: "needs-approval", reasons: ["2 objects would be replaced and 1 destroyed; require is review-destroys"] },
  cost: {
    currency: "USD",
    pricedAt: "2026-02-01",
    before: 1210.4,
    after: 1322.9,
    byCloud: [
      { cloud: "aws", before: 1190, after: 1312.5 },
      { cloud: "gcp", before: 20.4, after: 10.4 },
    ],
    lines: [
      { address: "machine.web[2]", cloud: "aws", before: 0, after: 122.5, what: "m7i.large, gp3 100 GiB" },
      { address: "disk.archive", cloud: "gcp", before: 10, after: 0, what: "pd-standard 250 GiB" },
    ],
    unpriced: [{ type: "aws.ec2.NatGateway", count: 1, reason: "priced by what goes through it" }],
  },
  graph: {
    nodes: [
      { address: "network.shop", kind: "network", cloud: "aws" },
      { address: "subnet.app", kind: "subnet", cloud: "aws" },
      { address: "firewall.web", kind: "firewall", cloud: "aws", action: "update" },
      { address: "machine.web[0]", kind: "machine", cloud: "aws" },
      { address: "machine.web[1]", kind: "machine", cloud: "aws", action: "replace" },
      { address: "machine.web[2]", kind: "machine", cloud: "aws", action: "create" },
      { address: "network.main", kind: "network", cloud: "gcp", action: "adopt" },
      { address: "subnet.archive", kind: "subnet", cloud: "gcp" },
      { address: "disk.archive", kind: "disk", cloud: "gcp", action: "delete" },
      { address: "machine.archive", kind: "machine", cloud: "gcp" },
    ],
    edges: [
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 1],
      [3, 2],
      [4, 2],
      [5, 2],
      [7, 6],
      [9, 7],
      [9, 5],
    ],
  },
  lowered: [
    {
      address: "network.shop",
      cloud: "aws",
      objects: [{ type: "aws.ec2.Vpc", role: "vpc", props: { CidrBlock: "10.20.0.0/16", EnableDnsSupport: true, Tags: { Name: "shop" } } }],
    },
    {
      address: "machine.web[2]",
      cloud: "aws",
      objects: [
        {
          type: "aws.ec2.Instance",
          role: "instance",
          props: {
            ImageId: "ami-0c9d8e7f6a5b4c3d2",
            SubnetId: "${subnet.app:subnet.SubnetId}",
            Password: "(secret)",
            UserData: userData("ubuntu-24.04"),
          },
        },
        { type: "aws.ec2.Volume", role: "volume", props: { Size: 100, VolumeType: "gp3" } },
      ],
    },
    {
      address: "network.main",
      cloud: "gcp",
      objects: [{ type: "gcp.compute.Network", role: "network", props: { autoCreateSubnetworks: false } }],
    },
  ],
};

const kinds = ["machine", "disk", "subnet", "firewall", "address"] as const;
const cycle: readonly Action[] = ["create", "update", "create", "replace", "create", "update", "delete", "create"];

/** So many resources change, each by two objects, on three clouds; as many again do not. */
export function makeLargeReport(size: number): PlanReport {
  const groups = Array.from({ length: size }, (_, index) => makeGroup(index));
  const count = (action: Action): number => groups.filter((group) => group.action === action).length * 2;
  const changed = groups.map((group) => ({ address: group.address, kind: group.kind ?? "", cloud: group.cloud, action: group.action }));
  const networks = groups
    .filter((_, index) => index % 12 === 0)
    .map((group, index) => ({ address: `network.n${index}`, kind: "network", cloud: group.cloud }));
  return {
    ...smallReport,
    clouds: ["aws", "gcp", "azure"].map((name) => ({ name, provider: name })),
    counts: {
      ...noCounts,
      create: count("create"),
      update: count("update"),
      replace: count("replace"),
      delete: count("delete"),
      unchanged: size,
    },
    groups: [
      ...groups.filter((group) => group.action === "delete" || group.action === "replace"),
      ...groups.filter((group) => group.action !== "delete" && group.action !== "replace"),
    ],
    graph: { nodes: [...changed, ...networks], edges: changed.map((_, index) => [index, size + Math.floor(index / 12)] as const) },
    lowered: groups.map((group) => ({
      address: group.address,
      cloud: group.cloud,
      objects: group.changes.map(({ type, role, props }) => ({
        type,
        role,
        props: Object.fromEntries(props.map((prop) => [prop.prop, prop.to ?? null])),
      })),
    })),
  };
}

function makeGroup(index: number): ReportGroup {
  const kind = kinds[Math.floor(index / 12) % kinds.length] ?? "machine";
  const cloud = ["aws", "gcp", "azure"][Math.floor(index / 24) % 3] ?? "aws";
  const action = cycle[index % cycle.length] ?? "create";
  const address = `${kind}.${kind}_${Math.floor(index / 12)}[${index % 12}]`;
  const props = Array.from(
    { length: action === "create" ? 8 : 3 },
    (_, place): ReportProp => ({
      prop: ["Name", "Size", "Zone", "Labels", "Network", "Image", "Description", "Encrypted"][place] ?? "Other",
      ...(action === "create" ? {} : { from: `before-${index}-${place}` }),
      ...(action === "delete" ? {} : { to: `after-${index}-${place}` }),
      cause: "author",
      ...(action === "replace" && place === 0 ? { forces: "immutable" } : {}),
    }),
  );
  return {
    address,
    kind,
    cloud,
    action,
    about:
      action === "replace"
        ? `name → after-${index}-0 forces replacement`
        : action === "create"
          ? `2 cpu, memory 4 GiB, number ${index}`
          : "",
    place: { file: "stacks/shop/fleet.koine", line: 10 + Math.floor(index / 12), column: 1 },
    changes: [
      change(address, kind, `${cloud}.${kind}.Main`, action, props, {
        impact: action === "delete" && kind === "disk" ? "data-loss" : "none",
      }),
      change(address, "part", `${cloud}.${kind}.Part`, action, props.slice(0, 2)),
    ],
  };
}
