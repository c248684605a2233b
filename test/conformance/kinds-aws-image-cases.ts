// The props of snapshots and images, and those that take them, with what the plan has to show on EC2. Data only: kinds-aws.test.ts plays them.

import { type PropCase, stored } from "./kinds-aws-stacks.ts";

const golden = (lines: string): string => stored(`snapshot s { disk = base.disk.root }\nimage golden { ${lines} }`);
const copy = (lines: string): string => stored(`snapshot s { disk = one }\nsnapshot t { disk = two }\ndisk d { ${lines} }`);
const booted = (image: string): string =>
  stored(`snapshot s { disk = base.disk.root }
image golden { from = s }
image silver { from = s }
machine m { cpu = 2, memory = 4GiB, image = ${image}, subnet = a }`);

export const snapshotCases: readonly PropCase[] = [
  {
    prop: "snapshot.disk",
    from: stored("snapshot s { disk = one }"),
    to: stored("snapshot s { disk = two }"),
    shows: { "snapshot.s:snapshot": "replace" },
    requests: ["CreateSnapshot", "DeleteSnapshot"],
  },
  {
    prop: "snapshot.disk",
    name: "of a machine",
    from: stored("snapshot s { disk = base.disk.root }"),
    to: stored("snapshot s { disk = base.disk.data }"),
    shows: { "snapshot.s:snapshot": "replace" },
  },
  {
    prop: "snapshot.disk",
    name: "replaced with its disk",
    from: `${stored("snapshot s { disk = one }")}disk gone { size = 10GiB }\nsnapshot g { disk = gone }\n`,
    to: `${stored("snapshot s { disk = one }")}disk gone { size = 10GiB, encrypted = false }\nsnapshot g { disk = gone }\n`,
    shows: { "disk.gone:volume": "replace", "snapshot.g:snapshot": "replace" },
  },
  {
    prop: "snapshot.disk",
    name: "stays while its disk grows",
    from: `${stored("snapshot s { disk = one }")}disk more { size = 10GiB }\nsnapshot g { disk = more }\n`,
    to: `${stored("snapshot s { disk = one }")}disk more { size = 20GiB }\nsnapshot g { disk = more }\n`,
    shows: { "disk.more:volume": "update" },
  },
  {
    prop: "snapshot.disk",
    name: "stays while the machine's disk grows",
    from: stored("snapshot s { disk = base.disk.data }"),
    to: stored("snapshot s { disk = base.disk.data }", "20GiB"),
    shows: { "machine.base:instance": "update" },
  },
  {
    prop: "snapshot.disk",
    name: "stays when the machine gets another disk, which only apply can prove",
    from: stored("snapshot s { disk = base.disk.data }"),
    to: stored("snapshot s { disk = base.disk.data }", "10GiB }\n  disk more { size = 5GiB"),
    shows: { "machine.base:instance": "update", "snapshot.s:snapshot": "replace" },
    requests: ["CreateVolume", "AttachVolume", "ModifyInstanceAttribute"],
  },
  {
    prop: "snapshot.tags",
    from: stored('snapshot s { disk = one, tags = { role = "old" } }'),
    to: stored('snapshot s { disk = one, tags = { role = "new" } }'),
    shows: { "snapshot.s:snapshot": "update" },
    without: stored("snapshot s { disk = one }"),
    removal: { "snapshot.s:snapshot": "update" },
  },
];

export const imageCases: readonly PropCase[] = [
  {
    prop: "image.from",
    from: stored("snapshot s { disk = base.disk.root }\nsnapshot t { disk = base.disk.root }\nimage golden { from = s }"),
    to: stored("snapshot s { disk = base.disk.root }\nsnapshot t { disk = base.disk.root }\nimage golden { from = t }"),
    shows: { "image.golden:image": "replace" },
    requests: ["RegisterImage", "DeregisterImage"],
  },
  {
    prop: "image.tags",
    from: golden('from = s, tags = { role = "old" }'),
    to: golden('from = s, tags = { role = "new" }'),
    shows: { "image.golden:image": "update" },
    without: golden("from = s"),
    removal: { "image.golden:image": "update" },
  },
  {
    prop: "image.on.aws.root_device",
    from: golden('from = s\n  on aws { root_device = "/dev/sda1" }\n'),
    to: golden('from = s\n  on aws { root_device = "/dev/xvda" }\n'),
    shows: { "image.golden:image": "replace" },
    without: golden("from = s"),
    removal: { "image.golden:image": "replace" },
  },
  {
    prop: "image.on.aws.arch",
    from: golden('from = s\n  on aws { arch = "x86_64" }\n'),
    to: golden('from = s\n  on aws { arch = "arm64" }\n'),
    shows: { "image.golden:image": "replace" },
    without: golden("from = s"),
    removal: { "image.golden:image": "replace" },
  },
  {
    prop: "image.on.aws.boot_mode",
    from: golden('from = s\n  on aws { boot_mode = "uefi" }\n'),
    to: golden('from = s\n  on aws { boot_mode = "uefi-preferred" }\n'),
    shows: { "image.golden:image": "replace" },
    without: golden("from = s"),
  },
];

/** Where disks and machines take what is stored. */
export const restoredCases: readonly PropCase[] = [
  {
    prop: "disk.snapshot",
    from: copy("size = 10GiB, snapshot = s"),
    to: copy("size = 10GiB, snapshot = t"),
    shows: { "disk.d:volume": "replace" },
    // What the disk was made from is not undone; that the snapshot may now go before it is recorded.
    without: copy("size = 10GiB"),
    removal: { "disk.d:volume": "update" },
  },
  {
    prop: "disk.snapshot",
    name: "given to a disk that has none",
    from: copy("size = 10GiB"),
    to: copy("size = 10GiB, snapshot = s"),
    shows: { "disk.d:volume": "replace" },
  },
  {
    prop: "machine.image",
    name: "of one's own",
    from: booted("golden"),
    to: booted("silver"),
    shows: { "machine.m:instance": "replace" },
    without: booted('"ubuntu-24.04"'),
    removal: { "machine.m:instance": "replace" },
  },
];
