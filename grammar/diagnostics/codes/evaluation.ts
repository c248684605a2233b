// Diagnostic codes of one family, values; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

const start = `stack demo\ncloud aws { region = "eu-west-1" }\n`;
const subnet = `${start}network main { cidr = 10.0.0.0/16 }\nsubnet app {\n  network = main\n  cidr    = 10.0.1.0/24\n}\n`;
const machine = (more: string) =>
  `${subnet}machine web {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n${more}}\n`;

export const evaluationCodes = {
  K1401: {
    title: "value that needs itself",
    explanation: `Values are computed when they are needed, in whatever order the source has, but none can need its own result. The message
shows the way round. Resources that name each other are no cycle as long as no *value* goes round: a firewall may admit the
address of a machine that carries it.`,
    bad: `${start}let a = b + 1\nlet b = a + 1\n`,
    good: `${start}let a = b + 1\nlet b = 1\n`,
  },
  K1402: {
    title: "position outside of a list",
    explanation: `Lists count from 0, so a list of two elements has positions 0 and 1. The message tells the instance that asked.`,
    bad: `${start}let zones = ["a", "b"]\nlet third = zones[2]\n`,
    good: `${start}let zones = ["a", "b"]\nlet third = zones[2 % length(zones)]\n`,
  },
  K1403: {
    title: "key that a map does not have",
    explanation: `A missing key is a mistake, never null. Resources made from strings or clouds are read by that string or cloud: \`app["a"]\`.`,
    bad: `${start}network main[z in ["a", "b"]] { cidr = 10.0.0.0/16 }\noutput id = main["c"].id\n`,
    good: `${start}network main[z in ["a", "b"]] { cidr = 10.0.0.0/16 }\noutput id = main["b"].id\n`,
  },
  K1404: {
    title: "division by zero",
    explanation: `The divisor of \`/\` or \`%\` came out as zero. Where it may, test it: \`n == 0 ? 0 : x / n\`.`,
    bad: `${start}input parts: int = 0\nlet share = 100 / parts\n`,
    good: `${start}input parts: int = 0\nlet share = parts == 0 ? 0 : 100 / parts\n`,
  },
  K1405: {
    title: "result that is too large or too small",
    explanation: `Ints are exact up to 9007199254740991; beyond that a result would be rounded in silence, so it is refused. Sizes and durations
are never negative.`,
    bad: `${start}let big = 9007199254740991 + 1\n`,
    good: `${start}let big = 9007199254740990 + 1\n`,
  },
  K1406: {
    title: "evaluation that goes too far",
    explanation: `Every program of the language ends, and within a budget: one million resources, one million elements in a list, and generous
limits for text and steps. A stack that meets them grows by mistake, or is better divided.`,
    bad: `${start}let many = [for i in 0..100000000: i]\n`,
    good: `${start}let many = [for i in 0..1000: i]\n`,
  },
  K1407: {
    title: "count, key or condition that only a cloud could decide",
    explanation: `How many resources there are, their keys, \`if\`, \`on\`, \`where\`, annotations and settings of clouds are decided before any cloud is asked,
so that a plan always shows every resource.

**Two ways out**: decide it by something written in the source or given as an input (count what the resources were made from,
not their addresses); or make what depends on the answer in a second stack, applied after this one.`,
    bad: `${subnet}machine one {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n}\nnetwork more[length(one.private_ip == 10.0.1.5 ? "a" : "ab")] { cidr = 10.1.0.0/16 }\n`,
    good: `${subnet}machine one {\n  cpu    = 2\n  memory = 4GiB\n  image  = "debian-12"\n  subnet = app\n}\nnetwork more[length([one.private_ip])] { cidr = 10.1.0.0/16 }\n`,
  },
  K1408: {
    title: "prop that must be known before any cloud is asked",
    explanation: `Most props are checked at compile time (ranges for overlaps, sizes for bounds), and so must be known then. Values that only a
cloud gives (\`public_ip\`, \`id\`) may flow into \`user_data\`, \`cloud_init\`, values of \`tags\`, \`public_key\`, \`private_ip\`, peers of \`allow\`
rules, outputs, and text that ends there.

**Two ways out**: write the value in the source or take it from an input; or pass it through one of those props.`,
    bad: machine(`  hostname = "h-\${app.id}"\n`),
    good: machine(`  tags = { subnet = app.id }\n`),
  },
  K1409: {
    title: "attribute that a resource will not have",
    explanation: `Some attributes exist only for some resources: a machine has a \`public_ip\` if it is \`public\`. Reading one that will not be there is
refused now, and not after an apply.`,
    bad: `${machine("")}output ip = web.public_ip\n`,
    good: `${machine("  public = true\n")}output ip = web.public_ip\n`,
  },
  K1410: {
    title: "input without a value",
    explanation: `An input without a default must be given: on the command line (\`--set NAME=VALUE\`) or under \`inputs\` of \`koine.yaml\`, for all
environments or for one. An input of type \`T?\` may be left out and is null.`,
    bad: `${start}input replicas: int\n`,
    good: `${start}input replicas: int = 2\n`,
  },
  K1411: {
    title: "value that does not fit its input",
    explanation: `Text given with \`--set\` is read by the type of the input: \`3\`, \`true\`, \`20GiB\`, one of the words of a union; lists, maps and objects as
JSON. Data in \`koine.yaml\` has the type itself, sizes and durations are text: \`"20GiB"\`.`,
  },
  K1412: {
    title: "value that an input refuses",
    explanation: `The \`where\` of the input does not hold for the value that was given, or for its default.`,
    bad: `${start}input replicas: int = 60 where replicas <= 50, "at most 50"\n`,
    good: `${start}input replicas: int = 50 where replicas <= 50, "at most 50"\n`,
  },
  K1413: {
    title: "assertion that does not hold",
    explanation: `An \`assert\` of the stack came out as false. One on a value that only a cloud gives is decided at apply, before what depends on it.`,
    bad: `${start}assert length("abc") == 4, "a word of four letters is wanted"\n`,
    good: `${start}assert length("abcd") == 4, "a word of four letters is wanted"\n`,
  },
  K1414: {
    title: "function that refuses its arguments",
    explanation: `The arguments have the right types, and no result: a subnet that does not fit, a file that is not there, text that is no base64.`,
    bad: `${start}let range = subnet(10.0.0.0/30, 8, 0)\n`,
    good: `${start}let range = subnet(10.0.0.0/16, 8, 0)\n`,
  },
  K1415: {
    title: "instances without a lasting key",
    explanation: `Each instance of \`[each]\` is known by its key for as long as it lives: the position in a range, the string, the name of the cloud, the
key of the map. Keys are distinct and not empty, and a list of numbers that is no range has none.`,
    bad: `${start}network main[z in ["a", "a"]] { cidr = 10.0.0.0/16 }\n`,
    good: `${start}network main[z in ["a", "b"]] { cidr = 10.0.0.0/16 }\n`,
  },
  K1416: {
    title: "value that is nested too deeply",
    explanation: `Expressions nest 200 levels deep, data 40, and values that wait for a cloud may be computed from others over 100 steps. Nothing that a
person reads, or a cloud takes, is nested so deep.

**To mend it**, give inner parts a name with \`let\`, or keep data flatter.`,
    bad: `${start}let deep = ${"!".repeat(300)}true\n`,
    good: `${start}let deep = ${"!".repeat(30)}true\n`,
  },
  K1417: {
    title: "key that a map would have twice",
    explanation: `Two entries of \`{for …}\`, or of an object with computed keys, came out with one key; neither would win in silence.`,
    bad: `${start}let sizes = {for word in ["a", "b"]: "\${length(word)}" => word}\n`,
    good: `${start}let sizes = {for word in ["a", "bb"]: "\${length(word)}" => word}\n`,
  },
} as const satisfies Record<string, CodeInfo>;
