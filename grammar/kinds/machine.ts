// The portable machine: a virtual machine with its disks that live and die with it. Says what it means everywhere; knows no cloud.

import { any, bool, int, ip, map, resource, size, string, union } from "../types/type.ts";
import { checkCloudInit } from "./checks/cloud-init.ts";
import { checkHostname } from "./checks/hostname.ts";
import { checkMachineDisks } from "./checks/machine-disks.ts";
import { checkMachineImage } from "./checks/machine-image.ts";
import { checkPower, checkReplaceBefore } from "./checks/machine-life.ts";
import { checkMachineNetworks, checkRepetitions } from "./checks/machine-networks.ts";
import { checkPrivateIp } from "./checks/private-addresses.ts";
import { checkPublicMachine } from "./checks/public-address.ts";
import type { BlockSchema, KindSchema } from "./kind.ts";
import { idAttribute, ssdOrHdd, tags } from "./shared-props.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const tib = 1024 ** 4;

const disk: BlockSchema = {
  doc: "A disk that is made with the machine and destroyed with it. For data that must outlive the machine, use the kind `disk`.",
  props: {
    size: {
      type: size,
      min: gib,
      max: 64 * tib,
      doc: "Its size, for example 100GiB. It can grow and never shrinks. The root disk may leave it to the image; every other disk needs it.",
    },
    type: { type: union(...ssdOrHdd), default: "ssd", doc: 'What it is made of: "ssd" is fast, "hdd" is cheap.' },
    encrypted: { type: bool, replaces: true, doc: "Whether the cloud encrypts it at rest. Left out, it is wherever the cloud can." },
  },
  attributes: {
    id: idAttribute("disk"),
    device: { type: string, doc: "The path of the device inside the machine, for example /dev/nvme1n1." },
  },
  labels: { root: { doc: "The disk that the machine boots from, filled from the image." } },
};

export const machine: KindSchema = {
  name: "machine",
  doc: "A virtual machine. Koine picks the cheapest current type of the cloud that has the processors and memory asked for.",
  props: {
    cpu: { type: int, required: true, min: 1, max: 1024, doc: "Virtual processors, at least.", unit: "vCPU" },
    memory: { type: size, required: true, min: 128 * mib, max: 32 * tib, doc: "Memory, at least, for example 4GiB." },
    burst: {
      type: bool,
      default: false,
      doc: "Whether a type may be picked that is cheap because its processors may be used fully only for a while.",
    },
    arch: {
      type: union("x86_64", "arm64"),
      default: "x86_64",
      replaces: true,
      doc: "The processor architecture. The image must exist for it.",
    },
    image: {
      type: string,
      or: [resource("image")],
      required: true,
      replaces: true,
      doc: 'The operating system: an alias, for example "ubuntu-24.04", which is pinned in koine.lock, an image by the cloud\'s own id, or an `image` of this stack.',
    },
    subnet: {
      type: resource("subnet"),
      required: true,
      replaces: true,
      doc: "The subnet it lives in, which decides its network and zone.",
    },
    hostname: {
      type: string,
      replaces: true,
      doc: "The name it calls itself: small letters, digits and hyphens, up to 63. Left out, the cloud names it.",
    },
    private_ip: {
      type: ip,
      replaces: true,
      deferrable: true,
      computed: true,
      doc: "Its address inside the subnet. Left out, the cloud picks a free one.",
    },
    public: {
      type: bool,
      or: [resource("address")],
      default: false,
      doc: "Whether it has a public address for as long as it runs, or the `address` that it keeps for good.",
    },
    firewall: {
      type: resource("firewall"),
      many: true,
      doc: "Its firewall, or a list of them. Without one, inbound traffic is closed and outbound open.",
    },
    key: { type: resource("key"), many: true, replaces: true, doc: "The SSH key, or the list of keys, that may log in." },
    user_data: {
      type: string,
      replaces: true,
      deferrable: true,
      acceptsSecret: true,
      doc: "What the machine is given for its first boot: a script that begins with #!, or anything that its image understands.",
    },
    cloud_init: {
      type: map(any),
      replaces: true,
      deferrable: true,
      acceptsSecret: true,
      doc: 'Configuration for cloud-init at the first boot, for example { packages = ["nginx"] }. The image must have cloud-init.',
    },
    spot: {
      type: bool,
      default: false,
      replaces: true,
      doc: "Whether it runs on spare capacity: much cheaper, and the cloud may take it away at any time.",
    },
    power: { type: union("on", "off"), default: "on", doc: 'Whether it runs. "off" stops it and keeps its disks.' },
    tags,
  },
  attributes: {
    id: idAttribute("machine"),
    name: { type: string, doc: "The name under which the cloud shows it." },
    private_ip: { type: ip, doc: "Its address inside the subnet." },
    public_ip: {
      type: ip,
      doc: "Its address on the internet. With `public = true` it may change when the machine stops; an `address` never does.",
      present: (resource) => resource.props.public !== false,
      absentHint: "set `public = true` on the machine, or give it an `address`",
    },
    zone: { type: string, doc: "The letter of its zone, which is that of its subnet." },
    ssh_user: { type: string, doc: "The user to log in as, which the image decides." },
    instance_type: { type: string, doc: "The cloud's name of the size that was picked." },
  },
  blocks: { disk },
  exclusive: [["user_data", "cloud_init"]],
  checks: [
    checkPublicMachine,
    checkMachineNetworks,
    checkRepetitions,
    checkPrivateIp,
    checkHostname,
    checkMachineDisks,
    checkMachineImage,
    checkPower,
    checkReplaceBefore,
    checkCloudInit,
  ],
};
