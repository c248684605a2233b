// Diagnostic codes of one family, the shape of a source; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

export const syntaxCodes = {
  K1101: {
    title: "unexpected word or sign",
    explanation: `Something stands where the grammar wants something else; the message names both. The rest of the item (or of the
declaration) is skipped, and reading goes on behind it, so that one run shows all mistakes.

**To mend it**, add what is missing or remove what is too much. Every declaration has this shape:

\`\`\`koine
machine web[i in 0..3] on aws if enabled {
  cpu    = 2
  memory = 4GiB
  disk data { size = 100GiB }
}
\`\`\``,
    bad: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main\n',
    good: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\n',
  },
  K1102: {
    title: "bracket that is never closed",
    explanation: `Every \`{\`, \`[\` and \`(\` needs its closing partner. The place is the bracket that was opened; where another place shows
that it should have been closed before, that place is shown too.

**To mend it**, add the closing bracket.`,
    bad: "stack demo\nlet sizes = [1, 2\nlet size = 3\n",
    good: "stack demo\nlet sizes = [1, 2]\nlet size = 3\n",
  },
  K1103: {
    title: "closing bracket without its partner",
    explanation: `A bracket is closed that was never opened, or one kind of bracket is closed by another.

**To mend it**, remove the bracket, or replace it by the one that belongs to the opening one. With a \`}\` too many, look for a
body that was closed too early.`,
    bad: "stack demo\nlet sizes = [1, 2)\n",
    good: "stack demo\nlet sizes = [1, 2]\n",
  },
  K1104: {
    title: "nested too deeply",
    explanation: `Brackets and types may stand in each other 100 levels deep, strings in each other's interpolations 20. The limit keeps every source readable, and
keeps a hostile one from exhausting the compiler.

**To mend it**, give the inner part a name with \`let\`.`,
    bad: `stack demo\nlet deep = ${"(".repeat(101)}1${")".repeat(101)}\n`,
    good: `stack demo\nlet deep = ${"(".repeat(100)}1${")".repeat(100)}\n`,
  },
  K1105: {
    title: "`{` on a line of its own",
    explanation: `A line break ends a header, so the \`{\` of a body stands on the header's line.

**To mend it**, move the \`{\` to the end of the line above.`,
    bad: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main\n{\n  cidr = 10.0.0.0/16\n}\n',
    good: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main {\n  cidr = 10.0.0.0/16\n}\n',
  },
  K1106: {
    title: "not a declaration",
    explanation: `A file holds declarations, one after the other: \`stack\`, \`cloud\`, \`input\`, \`let\`, \`output\`, \`assert\`, and resources,
which begin with their kind: \`machine web { … }\`. What stands here begins none of them.

**To mend it**, correct the word, or move the line into the body it belongs to. A value of its own is named with \`let\`.`,
    bad: "stack demo\noutptu size = 3\n",
    good: "stack demo\noutput size = 3\n",
  },
  K1107: {
    title: "not part of this version",
    explanation: `The language sets the words \`component\`, \`rule\`, \`test\` and \`import\` aside for declarations that this version does not
read. They are refused rather than skipped, so that nothing is dropped silently.

**To mend it**, leave the declaration out. All \`*.koine\` files of a folder are one stack, so nothing needs to be imported.`,
    bad: 'stack demo\ntest "sizes" {\n  assert true\n}\n',
    good: 'stack demo\nlet test = "sizes"\n',
  },
  K1108: {
    title: "missing separator",
    explanation: `Declarations are separated by line breaks; the items of a body and the fields of an object by line breaks or \`,\`; the
items of a list and the arguments of a call by \`,\`. Inside \`[ ]\` and \`( )\` a line break does not separate.

**To mend it**, add the \`,\` or the line break. A \`[\` or \`(\` that goes on with a name stands on the name's line.`,
    bad: 'stack demo\nlet zones = ["a" "b"]\n',
    good: 'stack demo\nlet zones = [\n  "a",\n  "b",\n]\n',
  },
  K1109: {
    title: "chained comparison",
    explanation: `\`a < b < c\` means different things in different languages, so comparisons and ranges are not chained.

**To mend it**, join two comparisons: \`a < b && b < c\`.`,
    bad: "stack demo\nlet inside = 1 < 2 < 3\n",
    good: "stack demo\nlet inside = 1 < 2 && 2 < 3\n",
  },
  K1110: {
    title: "`>=` that closes a type",
    explanation: `In \`list<int>= [1]\` the signs \`>\` and \`=\` stand together and read as one operator.

**To mend it**, put a space between: \`list<int> = [1]\`.`,
    bad: "stack demo\ninput sizes: list<int>= [1]\n",
    good: "stack demo\ninput sizes: list<int> = [1]\n",
  },
  K1111: {
    title: "missing value",
    explanation: `A value is expected: a literal, a name, a call, a list, an object, or an expression of these.

**To mend it**, complete the expression. A prop that should stay unset is left out, or set to \`null\`.`,
    bad: "stack demo\nlet size =\n",
    good: "stack demo\nlet size =\n  3\n",
  },
  K1112: {
    title: "reserved word as a name",
    explanation: `\`true\`, \`false\`, \`null\`, \`for\`, \`in\`, \`if\`, \`on\` and \`let\` have one meaning everywhere and are never names. Every
other word is a name wherever no keyword is expected.

**To mend it**, choose another name. As the key of an object the word stands in quotes: \`{ "on" = true }\`.`,
    bad: "stack demo\nlet on = 3\n",
    good: 'stack demo\nlet flags = { "on" = 3 }\n',
  },
  K1113: {
    title: "malformed rule",
    explanation: `A rule of a firewall stands on a line of its own: \`allow\`, the protocol (\`tcp\`, \`udp\`, \`icmp\` or \`any\`), the ports if
it has some, \`from\` or \`to\`, and the peers.

\`\`\`koine
allow tcp 80, 8000-8100 from any
allow icmp from office
\`\`\``,
    bad: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\nfirewall http {\n  network = main\n  allow http from any\n}\n',
    good: 'stack demo\ncloud aws { region = "eu-west-1" }\nnetwork main { cidr = 10.0.0.0/16 }\nfirewall http {\n  network = main\n  allow tcp 80 from any\n}\n',
  },
  K1114: {
    title: "annotation without a resource",
    explanation: `An annotation such as \`@protect\` says something about the resource behind it, on the same line or the next. Other
declarations take none.

**To mend it**, move the annotation to its resource, or remove it.`,
    bad: "stack demo\n@protect\nlet size = 3\n",
    good: 'stack demo\ncloud aws { region = "eu-west-1" }\n@protect\nnetwork main { cidr = 10.0.0.0/16 }\n',
  },
  K1115: {
    title: "malformed type",
    explanation: `Types are \`bool\`, \`int\`, \`number\`, \`string\`, \`size\`, \`duration\`, \`ip\`, \`cidr\`, \`port\`, \`region\`, \`cloud\`, the
kinds, \`list<T>\`, \`map<T>\`, \`{ name: T }\`, strings such as \`"staging" | "prod"\`, \`T?\` for what may be absent, and
\`secret T\`.

**To mend it**, write one of them.`,
    bad: "stack demo\ninput sizes: list = [1]\n",
    good: "stack demo\ninput sizes: list<int> = [1]\n",
  },
  K1116: {
    title: "expression too deep",
    explanation: `An expression may be 500 operators deep. Nobody writes such a chain by hand, and a compiler that follows it can be
exhausted.

**To mend it**, put the parts in a list and use \`sum\`, \`join\` or a comprehension, or name parts with \`let\`.`,
    bad: `stack demo\nlet total = 1${" + 1".repeat(500)}\n`,
    good: `stack demo\nlet total = 1${" + 1".repeat(400)}\n`,
  },
  K1117: {
    title: "`:` instead of `=`",
    explanation: `Values are given with \`=\`, in bodies and in objects. \`:\` stands before a type.

**To mend it**, write \`=\`.`,
    bad: 'stack demo\nlet tags = { team: "web" }\n',
    good: 'stack demo\nlet tags = { team = "web" }\n',
  },
  K1118: {
    title: "key with an interpolation",
    explanation: `A key is a name, a quoted text, or an expression in brackets. A quoted key is fixed; a computed one stands in brackets, so
that it is seen.

**To mend it**, put brackets around it: \`["\${env}-web"] = …\`.`,
    bad: 'stack demo\nlet env = "prod"\nlet tags = { "${env}-web" = 1 }\n',
    good: 'stack demo\nlet env = "prod"\nlet tags = { ["${env}-web"] = 1 }\n',
  },
  K1119: {
    title: "interpolation in a type",
    explanation: `The strings of a type such as \`"staging" | "prod"\` are fixed: a type does not depend on values.

**To mend it**, list the strings themselves.`,
    bad: 'stack demo\ninput env: "web-${1}" = "web-1"\n',
    good: 'stack demo\ninput env: "web-1" | "web-2" = "web-1"\n',
  },
  K1120: {
    title: "too many mistakes",
    explanation: `Only the first 100 mistakes of a file are shown; reading stops there.

**To mend it**, begin with the first ones: many of the others may go with them.`,
    bad: `stack demo\n${"let = 1\n".repeat(101)}`,
    good: "stack demo\nlet a = 1\n",
  },
} as const satisfies Record<string, CodeInfo>;
