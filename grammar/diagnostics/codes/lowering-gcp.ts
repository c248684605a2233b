// Diagnostic codes of causes that only Google Cloud has (K3042 to K3069): what it would refuse, said before it is asked.

import type { CodeInfo } from "../code-info.ts";

const cloud = `stack shop on gcp
cloud gcp { project = "koine-tests", region = "europe-west1" }
`;

const place = `${cloud}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24 }
`;

/** A machine with some more items in its body. */
const machine = (items: string, image = "ubuntu-24.04"): string => `${place}machine web {
  cpu = 2, memory = 4GiB, image = "${image}", subnet = app
  ${items}
}
`;

/** A firewall that admits so many others. */
const admits = (count: number): string => `${cloud}network main { cidr = 10.20.0.0/16 }
firewall other[${count}] {
  network = main
  allow tcp 80 from any
}
firewall web {
  network = main
  allow tcp 80 from ${Array.from({ length: count }, (_, n) => `other[${n}]`).join(", ")}
}
`;

export const gcpLoweringCodes = {
  K3042: {
    title: "existing firewall on Google Cloud",
    explanation:
      'On Google Cloud a firewall is several rules that name a network tag, and its machines carry the tag. No single object stands for it, so `@existing` cannot name it.\n\nTo put machines under rules that others keep, write the tag of those rules: `on gcp { network_tags = ["web"] }`.',
    bad: `${cloud}network main { cidr = 10.20.0.0/16 }
@existing("projects/koine-tests/global/firewalls/web")
firewall web {
  network = main
  allow tcp 80 from any
}
`,
    good: `${cloud}network main { cidr = 10.20.0.0/16 }
firewall web {
  network = main
  allow tcp 80 from any
}
`,
  },
  K3043: {
    title: "more firewalls as peers than a rule takes",
    explanation:
      "A rule that admits firewalls names their network tags, and Google Cloud takes 30 of them in one rule. Divide them over rules with other ports, or admit the subnet that the machines live in.",
    bad: admits(31),
    good: admits(30),
  },
  K3044: {
    title: "disk type that the machine's series does not take",
    explanation:
      'The newest series (n4, c4, c4a …) take Hyperdisk alone, and no series of the third generation takes pd-standard, which is what `type = "hdd"` means on Google Cloud. Use an ssd, or name a machine type of another series.',
    bad: machine('disk data { size = 100GiB, type = "hdd" }\n  on gcp { machine_type = "n4-standard-2" }'),
    good: machine('disk data { size = 100GiB, type = "hdd" }\n  on gcp { machine_type = "n2-standard-2" }'),
  },
  K3045: {
    title: "host name with a part that begins with no letter",
    explanation:
      "Compute Engine takes host names after RFC 1035, where each part between the dots begins with a letter. Other clouds allow a digit there.",
    bad: machine('hostname = "1-web"'),
    good: machine('hostname = "web-1"'),
  },
  K3046: {
    title: "cloud-init on an image without it",
    explanation:
      "On Compute Engine the images of Debian and Rocky Linux have Google's guest agent and no cloud-init, so nothing would read the configuration. Take an image with cloud-init, or write a script in `user_data`: it begins with #! and runs once, at the first boot.",
    bad: machine('cloud_init = { timezone = "UTC" }', "debian-12"),
    good: machine('cloud_init = { timezone = "UTC" }', "ubuntu-24.04"),
  },
  K3047: {
    title: "user data that is no script, on an image without cloud-init",
    explanation:
      "Without cloud-init an image can run a script and nothing else. The script begins with #! and the program that reads it; what comes before the first known character cannot be judged, so the text may not begin with a deferred value either.",
    bad: machine('user_data = "echo hello"', "debian-12"),
    good: machine('user_data = "#!/bin/sh\\necho hello"', "debian-12"),
  },
  K3048: {
    title: "scopes without a service account",
    explanation:
      "`scopes` bound what the service account of a machine may do. A machine without one has no identity that they could bound.",
    bad: machine('on gcp { scopes = ["cloud-platform"] }'),
    good: machine('on gcp { service_account = "web@koine-tests.iam.gserviceaccount.com", scopes = ["cloud-platform"] }'),
  },
  K3049: {
    title: "malformed network tag",
    explanation: "A network tag has up to 63 small letters, digits and hyphens, begins with a letter and does not end with a hyphen.",
    bad: machine('on gcp { network_tags = ["Web_Server"] }'),
    good: machine('on gcp { network_tags = ["web-server"] }'),
  },
  K3050: {
    title: "malformed project id",
    explanation:
      "`project` is the id of a Google Cloud project: 6 to 30 small letters, digits and hyphens that begin with a letter. Neither its display name nor its number. `gcloud projects list` shows the ids.",
    bad: 'stack shop on gcp\ncloud gcp { project = "My Shop", region = "europe-west1" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
    good: `${cloud}network main { cidr = 10.20.0.0/16 }\n`,
  },
  K3051: {
    title: "malformed service account to impersonate",
    explanation: "`impersonate` is the e-mail of a service account: name@project.iam.gserviceaccount.com.",
    bad: 'stack shop on gcp\ncloud gcp { project = "koine-tests", region = "europe-west1", impersonate = "deployer" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
    good: 'stack shop on gcp\ncloud gcp { project = "koine-tests", region = "europe-west1", impersonate = "deployer@koine-tests.iam.gserviceaccount.com" }\nnetwork main { cidr = 10.20.0.0/16 }\n',
  },
} as const satisfies Record<string, CodeInfo>;
