// Diagnostic codes of what only Azure would refuse (K3070–K3089), said before it is asked.

import type { CodeInfo } from "../code-info.ts";

const subscription = "6f0a2d3c-1b4e-4c57-9d68-2a7f5e913b04";

const cloud = `stack shop on azure
cloud azure { subscription = "${subscription}", region = "westeurope" }
`;

const place = `${cloud}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

/** A machine with some more items in its body. */
const machine = (items: string): string => `${place}machine web {
  cpu = 2, memory = 4GiB
  image = "ubuntu-24.04"
  subnet = app
  ${items}
}
`;

export const azureLoweringCodes = {
  K3070: {
    title: "subscription or tenant that is no id",
    explanation:
      "Azure knows subscriptions and tenants by UUID. Their names are for people, can change, and are not accepted in their place. `az account show` tells both ids.",
    bad: 'stack shop on azure\ncloud azure { subscription = "production", region = "westeurope" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
    good: `${cloud}network main { cidr = 10.20.0.0/16 }\n`,
  },
  K3071: {
    title: "two tags that differ in case alone",
    explanation:
      "Azure compares the names of tags without regard to case, so `Team` and `team` are one tag and one of the two values would be lost. This often happens between the stack's tags and those of a resource.",
    bad: `${cloud}network main { cidr = 10.20.0.0/16, tags = { team = "web", Team = "net" } }\n`,
    good: `${cloud}network main { cidr = 10.20.0.0/16, tags = { team = "web" } }\n`,
  },
  K3072: {
    title: "more rules than a network takes",
    explanation:
      "On Azure all firewalls of a network are rules of one network security group, and each is an application security group in it. A network security group takes 1,000 rules, names 100 application security groups, and has room for 96 firewalls with `to` rules; one rule names up to 4,000 ranges.\n\nWiden ranges, join firewalls, or divide the machines over two networks.",
    bad: `${cloud}network main { cidr = 10.20.0.0/16 }
firewall f[101] {
  network = main
  allow tcp 80 from any
}
`,
    good: `${cloud}network main { cidr = 10.20.0.0/16 }
firewall f[90] {
  network = main
  allow tcp 80 from any
}
`,
  },
  K3074: {
    title: "VM size without ssd disks",
    explanation:
      "Sizes without an `s` among their letters take standard storage alone, and an ssd disk is premium storage. The root disk is ssd unless it says otherwise.",
    bad: machine('on azure { vm_size = "Standard_D2_v5" }'),
    good: machine('on azure { vm_size = "Standard_D2s_v5" }'),
  },
  K3075: {
    title: "VM size that the image does not start on",
    explanation:
      "Sizes of v6 show their disks as NVMe alone, and a managed image cannot say that it starts from those. Some sizes of v3 start images of generation 1 alone, and those of the catalog are of generation 2. Left to Koine, the size fits the image.",
    bad: `${machine("disk root { size = 30GiB }")}snapshot day { disk = web.disk.root }
image golden { from = day }
machine copy {
  cpu = 2, memory = 4GiB, image = golden, subnet = app
  on azure { vm_size = "Standard_D2s_v6" }
}
`,
    good: `${machine("disk root { size = 30GiB }")}snapshot day { disk = web.disk.root }
image golden { from = day }
machine copy {
  cpu = 2, memory = 4GiB, image = golden, subnet = app
  on azure { vm_size = "Standard_D2s_v5" }
}
`,
  },
  K3076: {
    title: "user name that Azure refuses",
    explanation:
      "The first user of a machine may not have one of the names that everybody tries: admin, administrator, root, user, test, guest and some more. A name begins with a letter and has up to 64 letters, digits, hyphens and underscores.",
    bad: machine('on azure { admin_user = "admin" }'),
    good: machine('on azure { admin_user = "operator" }'),
  },
  K3077: {
    title: "identity that is no resource id",
    explanation:
      "`identities` lists user-assigned managed identities by the ids that Azure Resource Manager gives them, which say in which subscription and group each is: /subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME.",
    bad: machine('on azure { identities = ["web"] }'),
    good: machine(
      `on azure { identities = ["/subscriptions/${subscription}/resourceGroups/shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web"] }`,
    ),
  },
  K3078: {
    title: "purchase plan that does not parse",
    explanation:
      "An image that is sold under a purchase plan needs the plan beside it: publisher, product and name, joined by colons. Mostly they are the first three parts of the image's URN. The plans of the catalog's aliases are known.",
    bad: machine('on azure { plan = "resf" }'),
    good: machine('on azure { plan = "resf:rockylinux-x86_64:9-base" }'),
  },
  K3079: {
    title: "trusted launch that is not possible",
    explanation:
      "Trusted launch needs an image and a size that know of it. A managed image does not, and none can be made of a machine that has it. Left out, a machine has trusted launch wherever it can.",
    bad: `${machine("disk root { size = 30GiB }\n  on azure { trusted_launch = true }")}snapshot day { disk = web.disk.root }
image golden { from = day }
`,
    good: `${machine("disk root { size = 30GiB }")}snapshot day { disk = web.disk.root }
image golden { from = day }
`,
  },
  K3080: {
    title: "spot machine of a burstable size",
    explanation:
      "Azure has no spare capacity of the burstable sizes (the B family) to sell. Left to Koine, a spot machine gets another one.",
    bad: machine('spot = true\n  on azure { vm_size = "Standard_B2s_v2" }'),
    good: machine('spot = true\n  on azure { vm_size = "Standard_D2s_v5" }'),
  },
  K3081: {
    title: "zone-redundant disk that is given a zone",
    explanation:
      "A disk whose type ends in _ZRS is copied over all zones of its region: it is in none of them, can be attached to a machine in any, and needs a region that has zones.",
    bad: `${cloud}disk data {
  size = 500GiB, zone = "b"
  on azure { sku = "Premium_ZRS" }
}
`,
    good: `${cloud}disk data {
  size = 500GiB
  on azure { sku = "Premium_ZRS" }
}
`,
  },
} as const satisfies Record<string, CodeInfo>;
