// Diagnostic codes of one family, clouds and placement; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

const two = `cloud aws { region = "eu-west-1" }\ncloud far = aws { region = "us-east-1" }\n`;

export const cloudCodes = {
  K1501: {
    title: "provider that does not exist",
    explanation: `\`cloud NAME { … }\` configures the provider of that name; \`cloud NAME = PROVIDER { … }\` gives a cloud a name of its own, for a second
region or account. An \`on PROVIDER { … }\` block inside a resource names a provider, not a cloud: it holds for every cloud of
that provider.`,
    bad: `stack demo\ncloud amazon { region = "eu-west-1" }\n`,
    good: `stack demo\ncloud amazon = aws { region = "eu-west-1" }\n`,
  },
  K1502: {
    title: "cloud with the name of another provider",
    explanation: `A cloud named like a provider must be that provider, or every reader would be misled.`,
  },
  K1503: {
    title: "stack without a cloud",
    explanation: `A resource is placed on a cloud, and this stack declares none.`,
    bad: `stack demo\nnetwork main { cidr = 10.0.0.0/16 }\n`,
    good: `stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\n`,
  },
  K1504: {
    title: "stack that does not say which cloud it is on",
    explanation: `A resource is placed by its own \`on\`, else by the stack's, else on the only cloud. With several clouds one of the first two is needed;
nothing is inferred from references.`,
    bad: `stack demo\n${two}network main { cidr = 10.0.0.0/16 }\n`,
    good: `stack demo on far\n${two}network main { cidr = 10.0.0.0/16 }\n`,
  },
  K1505: {
    title: "reference to an object of another cloud",
    explanation: `A machine cannot be in a subnet of another cloud, region or account. Values may cross (an address into \`user_data\`, a range into an
\`allow\` rule), objects cannot.

**To mend it**, make the object on each cloud and use the one that is there:

\`\`\`koine
key admin[c in [aws, far]] on c { public_key = admin_key }
machine web on far { key = admin[far], … }
\`\`\``,
    bad: `stack demo\n${two}network main on aws { cidr = 10.0.0.0/16 }\nsubnet app on far {\n  network = main\n  cidr    = 10.0.1.0/24\n}\n`,
    good: `stack demo\n${two}network main[c in [aws, far]] on c { cidr = 10.0.0.0/16 }\nsubnet app on far {\n  network = main[far]\n  cidr    = 10.0.1.0/24\n}\n`,
  },
  K1506: {
    title: "kind or prop that a provider refuses",
    explanation: `A cloud cannot honour everything, and nothing is ever dropped in silence: what it cannot do is refused here, with the reason and the
way out. \`koine lower\` shows what a stack becomes on each cloud.`,
  },
  K1508: {
    title: "city that is not known",
    explanation: `\`near("…")\` picks the region of a cloud that is nearest to a city, from a catalog of cities. The answer is pinned in \`koine.lock\`.`,
    bad: `stack demo\ncloud aws { region = near("dublni") }\n`,
    good: `stack demo\ncloud aws { region = near("dublin") }\n`,
  },
  K1510: {
    title: "settings of a cloud that depend on a resource",
    explanation: `A cloud must be known before anything is made on it, so its settings use inputs, lets and functions, never resources.`,
    bad: `stack demo\ncloud aws {\n  region  = "eu-west-1"\n  profile = "\${main.cidr}"\n}\nnetwork main { cidr = 10.0.0.0/16 }\n`,
    good: `stack demo\ninput profile: string = "default"\ncloud aws {\n  region  = "eu-west-1"\n  profile = profile\n}\nnetwork main { cidr = 10.0.0.0/16 }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
