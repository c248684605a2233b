// Diagnostic codes of one family, names and what they stand for; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

const start = `stack demo\ncloud aws { region = "eu-west-1" }\n`;
const network = `${start}network main { cidr = 10.0.0.0/16 }\n`;

export const nameCodes = {
  K1201: {
    title: "name that is not declared",
    explanation: `A name on the right of \`=\` is an input, a \`let\`, a cloud, a resource or an iteration name. The order of declarations and
files never matters: all \`*.koine\` files of a folder are one stack. The name left of \`=\` is a prop and is never in scope on
the right.

**To mend it**, correct the spelling, or declare the name. A resource is read by its own name (\`main\`, not \`network.main\`); a
cloud must be declared before it is named.`,
    bad: `${network}subnet app {\n  network = mian\n  cidr    = 10.0.1.0/24\n}\n`,
    good: `${network}subnet app {\n  network = main\n  cidr    = 10.0.1.0/24\n}\n`,
  },
  K1202: {
    title: "name that is declared twice",
    explanation: `Inputs, lets, clouds and resources share one namespace over all files of a stack, whatever their kind: a name then says
which thing is meant without its kind. Outputs have a namespace of their own, as kinds and functions have, so a resource may
well be called \`subnet\`.

**To mend it**, rename one of the two. If the object exists already, keep it with \`@was("network.old_name")\`.`,
    bad: `${network}let main = 1\n`,
    good: `${network}output main = main.cidr\n`,
  },
  K1203: {
    title: "kind that does not exist",
    explanation: `A resource begins with its kind. Kinds are portable: there is \`machine\`, not one kind of machine for each cloud. What only
one cloud has is written inside a resource, in \`on aws { … }\`.`,
    bad: `${start}netwrok main { cidr = 10.0.0.0/16 }\n`,
    good: network,
  },
  K1204: {
    title: "function that does not exist",
    explanation: `Functions have a namespace of their own, and there are no others than those of the standard library. A value cannot be
called.`,
    bad: `${start}let name = loewr("WEB")\n`,
    good: `${start}let name = lower("WEB")\n`,
  },
  K1205: {
    title: "iteration name that is taken",
    explanation: `The names of \`[i in …]\` and \`[for i in …]\` may not shadow an input, a let, a cloud, a resource or an outer iteration name:
a reader could not tell which one is meant.

**To mend it**, choose another name. Props do not count: \`zone = zone\` sets the prop from the iteration name.`,
    bad: `${network}let squares = [for main in 0..3: main * main]\n`,
    good: `${network}let squares = [for i in 0..3: i * i]\n`,
  },
  K1206: {
    title: "folder without a stack",
    explanation: `Exactly one file of a folder declares the stack. Its name becomes part of the names of objects on every cloud, and the key
under which state is kept.`,
    bad: `cloud aws { region = "eu-west-1" }\n`,
    good: start,
  },
  K1207: {
    title: "second stack in one folder",
    explanation: `All \`*.koine\` files of a folder are one stack. Two stacks need two folders; one can read what the other outputs.`,
    bad: `${start}stack other\n`,
    good: start,
  },
  K1208: {
    title: "name that no stack can have",
    explanation: `The name of a stack becomes part of names on every cloud, and clouds agree on little: lower-case letters, digits and
underscores, a letter first, at most 40.`,
    bad: `stack MyShop\ncloud aws { region = "eu-west-1" }\n`,
    good: `stack my_shop\ncloud aws { region = "eu-west-1" }\n`,
  },
  K1209: {
    title: "prop that does not exist",
    explanation: `Each kind, block, cloud and \`on PROVIDER\` body has a fixed set of props; nothing unknown is passed on, so that a
misspelled prop is never dropped in silence. Attributes (\`id\`, \`public_ip\`) are given by the cloud and can only be read.

**To mend it**, correct the spelling. What only one cloud has belongs in \`on aws { … }\`.`,
    bad: `${start}network main {\n  cidr     = 10.0.0.0/16\n  internte = false\n}\n`,
    good: `${start}network main {\n  cidr     = 10.0.0.0/16\n  internet = false\n}\n`,
  },
  K1210: {
    title: "prop or block that stands twice",
    explanation: `Each prop is set once, each block name is used once, and each provider has one \`on\` block: the later one does not win.`,
    bad: `${start}network main {\n  cidr = 10.0.0.0/16\n  cidr = 10.1.0.0/16\n}\n`,
    good: `${start}network main {\n  cidr = 10.0.0.0/16\n}\n`,
  },
  K1211: {
    title: "type that does not exist, or cannot stand here",
    explanation: `Types are \`bool int number string size duration ip cidr port region cloud\`, \`list<T>\`, \`map<T>\`, \`{ name: T }\`, string unions
such as \`"a" | "b"\`, \`T?\` and \`secret T\`. Kinds are types too, but an input cannot be a resource: it comes from outside as text or
data.`,
    bad: `${start}input replicas: integer = 2\n`,
    good: `${start}input replicas: int = 2\n`,
  },
  K1212: {
    title: "block that does not exist here",
    explanation: `A block is a word, a name and a body: \`disk data { … }\`. Each kind has its own blocks, most have none; a prop is written
with \`=\`. Blocks of the form \`on aws { … }\` stand in resources only.`,
    bad: `${start}network main {\n  cidr = 10.0.0.0/16\n  rout internet { }\n}\n`,
    good: `${start}network main {\n  cidr = 10.0.0.0/16\n}\n`,
  },
  K1214: {
    title: "block without a name",
    explanation: `A block has a name by which it is read: \`disk data { size = 20GiB }\` is read as \`web.disk.data\`. The name \`root\` of a disk
is the one that the machine boots from.`,
    bad: `${network}subnet app {\n  network = main\n  cidr    = 10.0.1.0/24\n}\nmachine web {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n  disk { size = 20GiB }\n}\n`,
    good: `${network}subnet app {\n  network = main\n  cidr    = 10.0.1.0/24\n}\nmachine web {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n  disk root { size = 20GiB }\n}\n`,
  },
  K1215: {
    title: "annotation that does not exist",
    explanation: `Annotations say how a resource is treated, not what it is: \`@protect\`, \`@was("…")\`, \`@adopt("…")\`, \`@existing("…")\`,
\`@ignore("…")\`, \`@replace("before" | "after")\`, \`@after(…)\`, \`@forget\` and \`@description("…")\`.`,
    bad: `${start}@protcet\nnetwork main { cidr = 10.0.0.0/16 }\n`,
    good: `${start}@protect\nnetwork main { cidr = 10.0.0.0/16 }\n`,
  },
  K1216: {
    title: "annotations that exclude each other",
    explanation: `Each annotation stands once on a resource (\`@was\` and \`@after\` may stand several times), and \`@adopt\` excludes \`@existing\`:
an adopted object is managed from then on, an existing one is never changed.`,
    bad: `${start}@adopt("vpc-0abc")\n@existing("vpc-0abc")\nnetwork main { cidr = 10.0.0.0/16 }\n`,
    good: `${start}@existing("vpc-0abc")\nnetwork main { cidr = 10.0.0.0/16 }\n`,
  },
  K1217: {
    title: "value given for an input that does not exist",
    explanation: `\`--set NAME=VALUE\` and \`inputs\` in \`koine.yaml\` name inputs that the stack declares with \`input NAME: TYPE\`. A misspelled one
would otherwise leave the default in force without a word.`,
  },
  K1220: {
    title: "field that stands twice",
    explanation: `Each field of an object, and of an object type, stands once: the later one does not win. To override fields of another
object, use \`merge(a, b)\`.`,
    bad: `${start}let ports = { web = 80, web = 8080 }\n`,
    good: `${start}let ports = { web = 80, admin = 8080 }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
