// Diagnostic codes of one family, types; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

const start = `stack demo\ncloud aws { region = "eu-west-1" }\n`;
const network = `${start}network main { cidr = 10.0.0.0/16 }\n`;
const subnet = `${network}subnet app {\n  network = main\n  cidr    = 10.0.1.0/24\n}\n`;
const machine = (more: string) =>
  `${subnet}machine web {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n${more}}\n`;

export const typeCodes = {
  K1301: {
    title: "value of another type than its place takes",
    explanation: `Every prop, argument and declared name takes values of one type, or of those that its documentation lists. Nothing is
converted in silence, with three exceptions that lose nothing: an \`int\` is a \`number\`, a value is a \`T?\`, and a string where an
address is expected is read as one.

**To mend it**, give a value of the type that the message names. Text with a value in it is written \`"\${x}"\`; a size has a unit,
\`20GiB\`; a \`number\` is rounded with \`floor\` or \`ceil\`.`,
    bad: `${start}network main {\n  cidr     = 10.0.0.0/16\n  internet = "yes"\n}\n`,
    good: `${start}network main {\n  cidr     = 10.0.0.0/16\n  internet = true\n}\n`,
  },
  K1302: {
    title: "operator that does not take these types",
    explanation: `Numbers are computed with numbers, sizes with sizes, durations with durations; sizes and durations are scaled by numbers with
\`*\` and \`/\`. Conditions are joined by \`&&\` and \`||\`. Text is joined by interpolation.`,
    bad: `${start}let room = 4GiB + 2\n`,
    good: `${start}let room = 4GiB + 2GiB\n`,
  },
  K1303: {
    title: "value that may be null",
    explanation: `A resource with \`if\`, a prop that is not set and an input of type \`T?\` may be null. Reading on from one, or giving it where a
value is needed, must say what happens then.

**To mend it**, give a substitute (\`x ?? y\`), read on with \`x?.y\` (null stays null), or test it: \`x != null ? x.y : z\`.`,
    bad: `${start}input wanted: bool = true\nnetwork main if wanted { cidr = 10.0.0.0/16 }\noutput range = main.cidr\n`,
    good: `${start}input wanted: bool = true\nnetwork main if wanted { cidr = 10.0.0.0/16 }\noutput range = main?.cidr\n`,
  },
  K1304: {
    title: "member that does not exist",
    explanation: `A resource has the props and attributes of its kind and its blocks by name (\`web.disk.data\`); an object has its fields; a cloud
has \`name\`, \`provider\` and \`region\`. A list has none of its elements' members: read one, \`web[0].id\`, or all,
\`[for m in web: m.id]\`.`,
    bad: `${network}output id = main.idd\n`,
    good: `${network}output id = main.id\n`,
  },
  K1305: {
    title: "value that cannot be indexed",
    explanation: `Lists are read by position, from 0; maps and objects by key. A resource without \`[each]\` is one value, read by its name alone.`,
    bad: `${network}output id = main[0].id\n`,
    good: `${network}output id = main.id\n`,
  },
  K1307: {
    title: "values that share no type",
    explanation: `The elements of a list, the values of a map, both branches of \`? :\` and both sides of \`??\` have one type, so that whatever reads
them knows what it gets. What belongs together though its types differ is an object: \`{ name = "web", port = 80 }\`.`,
    bad: `${start}let mixed = [1, "two"]\n`,
    good: `${start}let mixed = { one = 1, two = "two" }\n`,
  },
  K1308: {
    title: "call with the wrong number of arguments, or of what is no function",
    explanation: `Functions are called by their name with their arguments in order, those in brackets may be left out. Values have no methods:
\`lower(name)\`, not \`name.lower()\`.`,
    bad: `${start}let name = lower("WEB", "APP")\n`,
    good: `${start}let name = lower("WEB")\n`,
  },
  K1309: {
    title: "required prop that is missing",
    explanation: `Some props have no default that would be right for everybody: the range of a network, the image of a machine. The page of the
kind lists them with a star.`,
    bad: `${start}network main {\n  internet = true\n}\n`,
    good: network,
  },
  K1310: {
    title: "props that exclude each other",
    explanation: `Some props are two ways to say one thing, and only one of them may be set. Both may be written when all but one are null:
\`user_data = old ? script : null\`.`,
    bad: machine(`  user_data  = "#!/bin/sh"\n  cloud_init = { packages = ["nginx"] }\n`),
    good: machine(`  cloud_init = { packages = ["nginx"] }\n`),
  },
  K1311: {
    title: "comparison that can never hold",
    explanation: `The two sides have no value in common, so \`==\` would always be false and \`!=\` always true. Most often a word is misspelled.`,
    bad: `${start}input env: "staging" | "prod" = "staging"\nlet live = env == "production"\n`,
    good: `${start}input env: "staging" | "prod" = "staging"\nlet live = env == "prod"\n`,
  },
  K1312: {
    title: "value that cannot stand in a string",
    explanation: `Text, numbers, bools, sizes, durations, addresses and names of clouds can be interpolated. Lists and objects have no one form:
\`join(", ", xs)\` or \`json(x)\` says which. Of a resource, read an attribute.`,
    bad: `${start}let zones = ["a", "b"]\nlet text = "zones \${zones}"\n`,
    good: `${start}let zones = ["a", "b"]\nlet text = "zones \${join(", ", zones)}"\n`,
  },
  K1313: {
    title: "secret that would be shown",
    explanation: `A \`secret T\` taints whatever is computed from it: text that holds it, its length, a condition on it. It may flow only into props
that accept secrets (\`user_data\`, \`cloud_init\`) and into outputs declared \`secret\`. Everything else is written to plans, state,
logs or the cloud's console, and there is no way to take the secret off again.`,
    bad: `${start}input password: secret string = "example"\noutput login = "admin:\${password}"\n`,
    good: `${start}input password: secret string = "example"\noutput login: secret string = "admin:\${password}"\n`,
  },
  K1314: {
    title: "value without elements to go through",
    explanation: `\`[each]\` makes resources from a number (\`[3]\`), a range (\`[i in 0..3]\`), a list of strings or clouds, or a map; \`for\` goes through
lists, maps and ranges. A list of other things gives no lasting keys: make a map from it, \`{for x in xs: x.name => x}\`.`,
    bad: `${start}network main[i in 3] { cidr = subnet(10.0.0.0/8, 8, i) }\n`,
    good: `${start}network main[i in 0..3] { cidr = subnet(10.0.0.0/8, 8, i) }\n`,
  },
  K1315: {
    title: "annotation with wrong arguments",
    explanation: `\`@was\` takes former addresses of the same kind, \`@ignore\` props of the kind, \`@adopt\` and \`@existing\` the cloud's own id, \`@after\`
resources. Arguments see iteration names: \`@was("machine.old[\${i}]")\`.`,
    bad: `${start}@was("main")\nnetwork web { cidr = 10.0.0.0/16 }\n`,
    good: `${start}@was("network.main")\nnetwork web { cidr = 10.0.0.0/16 }\n`,
  },
  K1316: {
    title: "`allow` where no rules belong",
    explanation: `Rules belong to a firewall, which machines carry by naming it: \`firewall = http\`.`,
    bad: `${start}network main {\n  cidr = 10.0.0.0/16\n  allow tcp 80 from any\n}\n`,
    good: `${network}firewall http {\n  network = main\n  allow tcp 80 from any\n}\n`,
  },
  K1317: {
    title: "value that cannot be an output",
    explanation: `Outputs are read by people and programs: text, numbers, addresses, and lists, maps and objects of them. Of a resource or a cloud,
output what is wanted of it.`,
    bad: `${network}output network = main\n`,
    good: `${network}output network = main.id\n`,
  },
  K1319: {
    title: "value out of bounds",
    explanation: `The prop takes a number, size or duration between the bounds that the message names; beyond them no cloud can provide it. A value of the type \`port\`
is between 1 and 65535 wherever it is named.`,
    bad: `${subnet}machine web {\n  cpu    = 0\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n}\n`,
    good: machine(""),
  },
  K1320: {
    title: "text that is no address",
    explanation: `A string where an address or a range is expected is read as one. IPv4 has four parts from 0 to 255 without leading zeros; IPv6
is written as usual; a range ends in \`/\` and the length of its prefix.`,
    bad: `${start}let n = 300\nnetwork main { cidr = "10.\${n}.0.0/16" }\n`,
    good: `${start}let n = 30\nnetwork main { cidr = "10.\${n}.0.0/16" }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
