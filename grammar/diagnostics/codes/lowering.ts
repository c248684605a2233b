// Diagnostic codes of the lowering and of the providers (K30xx): what a cloud would refuse, said before it is asked.

import type { CodeInfo } from "../code-info.ts";

const cloud = `stack shop on aws
cloud aws { region = "eu-west-1" }
`;

const azure = `stack shop on azure
cloud azure { subscription = "6f0a2d3c-1b4e-4c57-9d68-2a7f5e913b04", region = "westeurope" }
`;

const place = `${cloud}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

/** A machine with some more items in its body. */
const machine = (items: string, arch = ""): string => `${place}machine web {
  cpu = 2, memory = 4GiB${arch}
  image = "ubuntu-24.04"
  subnet = app
  ${items}
}
`;

const many = (count: number, item: (n: number) => string, separator = "\n"): string =>
  Array.from({ length: count }, (_, n) => item(n)).join(separator);

export const loweringCodes = {
  K3001: {
    title: "kind that the cloud does not have",
    explanation:
      "The provider that this resource is placed on has no object that means the same, and Koine does not make something that only looks alike.\n\nPlace the resource on another cloud with `on`. The support matrix in the reference says which provider has which kind.",
  },
  K3002: {
    title: "objects that wait for each other",
    explanation:
      "Each resource becomes native objects, and an object is made when everything it needs is there. Here the objects need each other in a circle, so none could be the first. The message shows the circle; each hop has its place.\n\nCircles are judged on native objects, not on resources: a firewall may admit the address of a machine that carries it, because the rule is an object of its own and the machine does not wait for it.\n\nGive one of the props a value that does not depend on the others, for example a fixed `private_ip`, or drop an `@after`.",
    bad: `${place}machine one {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
  user_data = "peer \${two.id}"
}
machine two {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
  user_data = "peer \${one.id}"
}
`,
    good: `${place}machine one {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
}
machine two {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
  user_data = "peer \${one.id}"
}
`,
  },
  K3003: {
    title: "attribute that the cloud does not give",
    explanation: "The attribute exists in the language, but the provider that the resource is placed on has nothing to fill it with.",
  },
  K3004: {
    title: "object of an existing resource that is not known",
    explanation:
      "`@existing` names one physical object, to be used and never changed. A portable resource is often several objects: a network with internet is a VPC, a gateway and its attachment. Koine does not know the others, so nothing can refer to them.\n\nTake the resource over with `@adopt` instead, or do without what needs the other object.",
    bad: `${cloud}@existing("vpc-0123456789abcdef0")
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`,
    good: `${cloud}@existing("vpc-0123456789abcdef0")
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24, public = false }
`,
  },
  K3010: {
    title: "unknown region",
    explanation:
      'The `region` of a cloud must be one that this version of Koine has in its catalog, by the cloud\'s own name: "eu-west-1" on AWS, "europe-west1" on Google Cloud, "westeurope" on Azure. `near("dublin")` picks the nearest one.',
    bad: 'stack shop on aws\ncloud aws { region = "eu-west-9" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
    good: `${cloud}network main { cidr = 10.20.0.0/16 }\n`,
  },
  K3011: {
    title: "empty AWS profile",
    explanation:
      "`profile` names a profile of the shared AWS configuration. Empty text names none, and AWS tools would silently fall back to another one. Leave `profile` out to let the default chain decide.",
    bad: 'stack shop on aws\ncloud aws { region = "eu-west-1", profile = "" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
    good: 'stack shop on aws\ncloud aws { region = "eu-west-1", profile = "work" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
  },
  K3012: {
    title: "more tags than the cloud takes",
    explanation:
      "Every cloud bounds the tags of an object: AWS and Azure take 50, Google Cloud 64. Some of them are Koine's ownership marks, and on AWS one is `Name`; what is left is for the stack's tags and the resource's own together. The message says how many that are.",
    bad: `${cloud}network main {
  cidr = 10.20.0.0/16
  tags = {
${many(46, (n) => `    tag${n} = "x"`)}
  }
}
`,
    good: `${cloud}network main {
  cidr = 10.20.0.0/16
  tags = {
${many(45, (n) => `    tag${n} = "x"`)}
  }
}
`,
  },
  K3013: {
    title: "reserved tag prefix",
    explanation:
      "Some prefixes belong to the cloud itself: `aws:` on AWS, `goog-` on Google Cloud, `microsoft`, `azure` and `windows` on Azure. Tags that begin with `koine:` or `koine-` are the marks by which Koine knows its objects again; a tag of yours there could make one stack take another's object for its own.",
    bad: `${cloud}network main { cidr = 10.20.0.0/16, tags = { "aws:owner" = "web" } }\n`,
    good: `${cloud}network main { cidr = 10.20.0.0/16, tags = { "my-aws:owner" = "web" } }\n`,
  },
  K3014: {
    title: "tag that the cloud does not take",
    explanation:
      "Clouds differ in what a tag may be. On EC2 its name has 1 to 127 characters and its value up to 256. On Google Cloud it is a label: small letters, digits, `_` and `-`, up to 63 in name and value, and the name begins with a letter. On Azure the name has up to 512 characters, none of < > % & \\ ? /, and the value up to 256.",
    bad: `${cloud}network main { cidr = 10.20.0.0/16, tags = { "${"x".repeat(129)}" = "web" } }\n`,
    good: `${cloud}network main { cidr = 10.20.0.0/16, tags = { "${"x".repeat(127)}" = "web" } }\n`,
  },
  K3015: {
    title: "range of a size that the cloud does not allow",
    explanation:
      "On AWS a network, and each of its subnets, is between /16 (65,536 addresses) and /28 (16 addresses). On Google Cloud a subnet is /29 or larger; a network has no range of its own there. On Azure both are /29 or larger.",
    bad: `${cloud}network main { cidr = 10.0.0.0/8 }\n`,
    good: `${cloud}network main { cidr = 10.0.0.0/16 }\n`,
  },
  K3016: {
    title: "private address that the cloud reserves",
    explanation:
      "In every subnet the cloud keeps some addresses: AWS and Azure the first four (network, router, resolver, one in reserve) and the last one (broadcast), Google Cloud the first two and the last two. A machine cannot have them.",
    bad: machine("private_ip = 10.20.0.3"),
    good: machine("private_ip = 10.20.0.4"),
  },
  K3017: {
    title: "more rules than a security group usually takes",
    explanation:
      "A firewall becomes a security group with one rule for each protocol, port range and peer. EC2 takes 60 inbound and 60 outbound rules unless the account's quota was raised, so this is a warning: the plan will tell whether the account takes them.\n\nWiden ranges, or divide the rules over two firewalls.",
    bad: `${cloud}network main { cidr = 10.20.0.0/16 }
firewall many {
  network = main
  allow tcp ${many(61, (n) => String(1000 + 2 * n), ", ")} from any
}
`,
    good: `${cloud}network main { cidr = 10.20.0.0/16 }
firewall many {
  network = main
  allow tcp ${many(60, (n) => String(1000 + 2 * n), ", ")} from any
}
`,
  },
  K3019: {
    title: "zone that the region does not have",
    explanation:
      'Zones are written by letter: "a" is the first zone of the region in Koine\'s catalog, "b" the second. Most regions have three; a region without zones has only "a". The letters are pinned in koine.lock to the cloud\'s own zones.',
    bad: `${cloud}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24, zone = "f" }
`,
    good: `${cloud}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24, zone = "c" }
`,
  },
  K3020: {
    title: "public key that the cloud does not take",
    explanation:
      "EC2 imports ED25519 keys, and RSA keys of 1024, 2048 or 4096 bits. Azure takes ED25519 keys, and RSA keys of 2048 bits or more. Make a new key with `ssh-keygen -t ed25519`.",
    bad: `${cloud}key admin { public_key = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg= me@example" }\n`,
    good: `${cloud}key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@example" }\n`,
  },
  K3021: {
    title: "disk size that the cloud does not have",
    explanation:
      "Disks have whole GiB, within the bounds of their type. On AWS an ssd (gp3) has 1 GiB to 64 TiB, an hdd (st1) 125 GiB to 16 TiB; the root disk cannot be st1, so an hdd root is magnetic (`standard`), up to 1 TiB. On Google Cloud persistent disks have 10 GiB to 64 TiB, Hyperdisk from 4 GiB. On Azure managed disks have up to 32,767 GiB, the root up to 4,095 GiB. A root disk also needs the room that its image takes.\n\nA size in decimal units is rarely whole: write 20GiB, not 20GB.",
    bad: `${cloud}disk data { size = 100GiB, type = "hdd" }\n`,
    good: `${cloud}disk data { size = 125GiB, type = "hdd" }\n`,
  },
  K3022: {
    title: "two host names",
    explanation: "`hostname` sets the name through cloud-init, and the machine's own `cloud_init` sets another one. Drop one of them.",
    bad: machine('hostname = "web"\n  cloud_init = { hostname = "www" }'),
    good: machine('hostname = "web"\n  cloud_init = { timezone = "UTC" }'),
  },
  K3023: {
    title: "user data that is too long",
    explanation:
      "A cloud gives a machine so much user data and no more: EC2 16 KiB, Azure 64 KiB, Google Cloud 256 KiB, counted before base64. What Koine adds (a host name, further keys) counts too. Let the machine fetch what is long when it boots.",
    bad: machine(`user_data = "#!/bin/sh ${"x".repeat(16_384)}"`),
    good: machine(`user_data = "#!/bin/sh ${"x".repeat(16_000)}"`),
  },
  K3024: {
    title: "unknown instance type",
    explanation:
      "The catalog of this version has no instance type, machine type or VM size of this name. Leave the refinement out, and Koine picks the cheapest current type with the processors and memory asked for.",
    bad: machine('on aws { instance_type = "m7i.larg" }'),
    good: machine('on aws { instance_type = "m7i.large" }'),
  },
  K3025: {
    title: "instance type of another architecture",
    explanation:
      "`arch` decides which image is taken, so the instance type must have the same. On AWS types with a `g` behind the digit (`m7g`) are arm64; on Google Cloud the series c4a, n4a and t2a.",
    bad: machine('on aws { instance_type = "m7g.large" }'),
    good: machine('on aws { instance_type = "m7g.large" }', ', arch = "arm64"'),
  },
  K3026: {
    title: "instance type that the region does not offer",
    explanation:
      "Not every region offers every type. The catalog records which region offers what, with its date; newer types and regions are not judged.",
    bad: `stack shop on aws
cloud aws { region = "eu-north-1" }
network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
machine web {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app
  on aws { instance_type = "c6a.large" }
}
`,
    good: machine('on aws { instance_type = "c6a.large" }'),
  },
  K3027: {
    title: "instance type smaller than asked for",
    explanation:
      "The type named in the refinement counts on its own cloud, `cpu` and `memory` on every other. Here the type has less than they ask for, so the machine would differ between clouds. A warning: the type is used.",
    bad: machine('on aws { instance_type = "t3.micro" }'),
    good: machine('on aws { instance_type = "t3.medium" }'),
  },
  K3028: {
    title: "no instance type is large enough",
    explanation:
      "Koine picks among the current general types of the region without local disks, burstable ones only with `burst = true`. None has as many processors and as much memory as asked for. Any type can be named in the refinement for the cloud, for example `on aws { instance_type = … }`.",
    bad: `${place}machine web { cpu = 1000, memory = 4GiB, image = "ubuntu-24.04", subnet = app }\n`,
    good: `${place}machine web { cpu = 96, memory = 4GiB, image = "ubuntu-24.04", subnet = app }\n`,
  },
  K3029: {
    title: "image by its id, root device assumed",
    explanation:
      'For an image given by its id, Koine does not know the name of the root device, and assumes /dev/sda1. Where that is wrong, the root disk keeps the image\'s own size and encryption and a second disk appears. Say it with `on aws { root_device = "/dev/xvda" }`; `aws ec2 describe-images` shows it as `RootDeviceName`.',
    bad: `${place}machine web { cpu = 2, memory = 4GiB, image = "ami-0123456789abcdef0", subnet = app }\n`,
    good: `${place}machine web {
  cpu = 2, memory = 4GiB, image = "ami-0123456789abcdef0", subnet = app
  on aws { root_device = "/dev/xvda" }
}
`,
  },
  K3030: {
    title: "unknown image",
    explanation:
      "An image is an alias of the catalog, the same on every cloud that has it, or an image by the cloud's own id. An alias is resolved to the newest image of its publisher and pinned in koine.lock. Some aliases exist on one cloud alone: `amazon-linux-2023` on AWS.",
    bad: `${place}machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.4", subnet = app }\n`,
    good: `${place}machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }\n`,
  },
  K3031: {
    title: "performance setting that the disk does not take",
    explanation:
      "Operations and throughput are bought for some types of disk: on AWS for ssd disks (gp3), on Google Cloud for Hyperdisk, on Azure for the type PremiumV2_LRS. Others have what their size gives them. On AWS, throughput is at most 0.25 MiB/s for each of the operations.",
    bad: `${cloud}disk data {
  size = 500GiB, type = "hdd"
  on aws { iops = 4000 }
}
`,
    good: `${cloud}disk data {
  size = 500GiB, type = "ssd"
  on aws { iops = 4000 }
}
`,
  },
  K3032: {
    title: "more disks than device names",
    explanation:
      "EC2 has 52 device names for volumes attached to a machine, beside those for its own disks; on Azure Koine keeps 32 of a machine's 64 numbers for them. Attach the disk to another machine.",
    bad: `${place}machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
disk data[53] { size = 10GiB, attach = web }
`,
    good: `${place}machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
disk data[20] { size = 10GiB, attach = web }
`,
  },
  K3033: {
    title: "more firewalls than a machine usually takes",
    explanation:
      "Each firewall is a security group on AWS, a network tag on Google Cloud, an application security group on Azure. EC2 takes 5 on a network interface, and up to 16 where the account's quota was raised: above 5 this is a warning, above 16 an error. Compute Engine takes 64 network tags, Azure 20 application security groups.",
    bad: `${place}firewall f[6] {
  network = main
  allow tcp 80 from any
}
machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app, firewall = f }
`,
    good: `${place}firewall f[5] {
  network = main
  allow tcp 80 from any
}
machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app, firewall = f }
`,
  },
  K3034: {
    title: "more disks in a machine than the cloud takes",
    explanation:
      "EC2 recommends eleven device names for the volumes that are made with a machine, besides the root; use the kind `disk` for more. Compute Engine takes 128 disks on a machine, the root and attached ones included, and 16 on one with a shared core. On Azure Koine keeps 32 of a machine's 64 numbers for its own disks.",
    bad: machine(many(12, (n) => `disk d${n} { size = 10GiB }`, "\n  ")),
    good: machine(many(11, (n) => `disk d${n} { size = 10GiB }`, "\n  ")),
  },
  K3035: {
    title: "encryption that cannot be turned off",
    explanation:
      "Some clouds encrypt every disk at rest and have no switch for it. `encrypted = false` cannot be honoured there, and Koine does not drop what is written.\n\nLeave `encrypted` out: it is then on wherever the cloud can, and the host's business on a hypervisor.",
    bad: `${azure}disk data { size = 100GiB, encrypted = false }\n`,
    good: `${azure}disk data { size = 100GiB }\n`,
  },
  K3036: {
    title: "range that the cloud keeps for itself",
    explanation:
      "Clouds keep some ranges for multicast, loopback, link-local addresses and services of their own, and refuse a network or subnet that has a part of one. Private ranges are always free: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16.",
    bad: `${azure}network main { cidr = 169.254.0.0/16 }\n`,
    good: `${azure}network main { cidr = 10.20.0.0/16 }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
