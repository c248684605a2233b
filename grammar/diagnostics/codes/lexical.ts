// Diagnostic codes of one family, the characters of a source; the ranges are listed in ../codes.ts.

import type { CodeInfo } from "../code-info.ts";

export const lexicalCodes = {
  K1001: {
    title: "unexpected character",
    explanation: `A character stands where nothing in the language begins with it. Often it came with a copied text: a curly quote, a
no-break space, an invisible character. Others are habits of another language, such as \`;\` at the end of a line.

A character that repeats is reported once in a file, at its first place, with the number of the others.

**To mend it**, remove the character, or put the text it belongs to in quotes. Control characters in a string are written as
escapes, for example \`\\u{1b}\`.`,
    bad: "stack demo\nlet size = 3;\n",
    good: 'stack demo\nlet size = "3;"\n',
  },
  K1002: {
    title: "string without an end",
    explanation: `A string between \`"\` and \`"\` stands on one line. Here the line ends first.

**To mend it**, close the string with \`"\`. A \`"\` inside of it is written \`\\"\`. Text of several lines stands between
\`"""\` and \`"""\`.`,
    bad: 'stack demo\nlet name = "web\n',
    good: 'stack demo\nlet name = "web\\""\n',
  },
  K1003: {
    title: "text without an end",
    explanation: `A text that begins with \`"""\` (or \`r"""\`) ends at the next \`"""\`. The file ends first, so everything behind the
opening quotes belongs to the text.

**To mend it**, put \`"""\` on a line of its own where the text ends.`,
    bad: 'stack demo\nlet script = """\n  echo hello\n',
    good: 'stack demo\nlet script = """\n  echo hello\n  """\n',
  },
  K1004: {
    title: "comment without an end",
    explanation: `A comment that begins with \`/*\` ends at its \`*/\`. Comments nest, so that a part of a file with comments in it can be
put in a comment: each \`/*\` inside needs its own \`*/\`.

**To mend it**, add the \`*/\` that is missing, or begin each line with \`#\` instead.`,
    bad: "stack demo\n/* sizes /* of machines */\nlet size = 3\n",
    good: "stack demo\n/* sizes /* of machines */ */\nlet size = 3\n",
  },
  K1005: {
    title: "interpolation without an end",
    explanation: `Inside a string, \`\${\` begins an expression and \`}\` ends it, on the same line. Here the line ends first; a \`"\` inside
the expression begins a string of its own.

**To mend it**, close the expression with \`}\`. If a literal \`\${\` is meant, for example in a shell script, write \`$\${\`, or
use \`r"""\` … \`"""\`, which holds no expressions.`,
    bad: 'stack demo\nlet env = "prod"\nlet name = "web-${env"\n',
    good: 'stack demo\nlet env = "prod"\nlet name = "web-${env}, $${env"\n',
  },
  K1006: {
    title: "unknown escape",
    explanation: `In a \`"\` string a backslash begins an escape: \`\\n\` line break, \`\\t\` tab, \`\\r\` carriage return, \`\\"\` quote,
\`\\\\\` backslash, \`\\u{e9}\` the character with that Unicode number. There are no others, so that a misspelled one never
passes as text.

**To mend it**, double the backslash if it is meant itself. Texts between \`"""\` keep backslashes as they are.`,
    bad: 'stack demo\nlet path = "C:\\data"\n',
    good: 'stack demo\nlet path = "C:\\\\data\\u{e9}"\n',
  },
  K1007: {
    title: "malformed number",
    explanation: `What begins with a digit is a literal, up to the next space or sign. This one is neither a number nor a size, a
duration or an address.

Numbers are decimal, without leading zeros, without grouping, without exponents: \`1000\`, \`0.5\`. A name cannot begin with a
digit. Text such as a version or a file mode stands in quotes.

**To mend it**, write the number in plain digits or the text in quotes.`,
    bad: "stack demo\nlet count = 1_000\n",
    good: 'stack demo\nlet count = 1000\nlet mode = "0755"\n',
  },
  K1008: {
    title: "unknown unit",
    explanation: `Sizes take \`B\`, \`KB\`, \`MB\`, \`GB\`, \`TB\`, \`PB\` (powers of 1000) and \`KiB\`, \`MiB\`, \`GiB\`, \`TiB\`, \`PiB\`
(powers of 1024). Durations take \`ms\`, \`s\`, \`m\`, \`h\`, \`d\`. Each unit has one spelling, so that a size reads the same
everywhere.

**To mend it**, use the unit's spelling: \`5m\` for five minutes, \`4GiB\` or \`4GB\` for four gigabytes.`,
    bad: "stack demo\nlet pause = 5min\n",
    good: "stack demo\nlet pause = 5m\n",
  },
  K1009: {
    title: "malformed address",
    explanation: `A literal with two or more dots is an IPv4 address, and with \`/n\` behind it a range: four parts from 0 to 255, and a
prefix from 0 to 32, all without leading zeros.

**To mend it**, complete the address: \`10.20.0.0/16\`, not \`10.20.0/16\`. A version such as \`1.2.3\` is a string and stands in
quotes, and so does an IPv6 address.`,
    bad: "stack demo\nlet office = 10.20.0/16\n",
    good: 'stack demo\nlet office = 10.20.0.0/16\nlet version = "1.2.3"\n',
  },
  K1010: {
    title: "literal out of range",
    explanation: `An int is at most 9007199254740991, up to which every value is exact. A size is a whole number of bytes and a duration a
whole number of milliseconds, within the same range.

**To mend it**, use a smaller unit without a fraction. An id made of many digits is a string and stands in quotes.`,
    bad: "stack demo\nlet id = 12345678901234567890\n",
    good: 'stack demo\nlet id = "12345678901234567890"\nlet half = 0.5KiB\n',
  },
  K1011: {
    title: "letter outside a to z in a name",
    explanation: `Names are written with the letters a to z and A to Z, digits and \`_\`. Letters that look alike in different scripts would
make two names that no reader can tell apart.

**To mend it**, spell the name with plain letters. Strings may hold any text. A name is reported once in a file.`,
    bad: "stack demo\nlet größe = 3\n",
    good: 'stack demo\nlet size = "größe"\n',
  },
  K1012: {
    title: "single quotes",
    explanation: `Strings are written with double quotes, so that there is one way to write a string.

**To mend it**, replace \`'…'\` by \`"…"\`.`,
    bad: "stack demo\nlet name = 'web'\n",
    good: 'stack demo\nlet name = "it\'s web"\n',
  },
  K1013: {
    title: "file too large",
    explanation: `A source file may hold 16 MiB. All \`*.koine\` files of a folder are one stack, so a large one can be divided.

**To mend it**, divide the file. If a program writes it, let the program write data, and read it with \`file(…)\`.`,
  },
  K1014: {
    title: "not a text",
    explanation: `A source file is Unicode text in UTF-8. This one holds a NUL character, or characters that are cut in half, so it is
something else, or it was saved in another encoding such as UTF-16.

**To mend it**, save the file as UTF-8.`,
    bad: "stack demo\nlet size = 3\0\n",
    good: "stack demo\nlet size = 3\n",
  },
  K1015: {
    title: "hidden change of direction",
    explanation: `Some invisible characters turn the direction in which a text is shown. With them a source can be made to look different
from what it says, also to the reviewer of a change, so none may stand in a file, comments and strings included.

**To mend it**, remove the character. If a value needs it, write it as an escape: \`\\u{202e}\`.`,
    bad: 'stack demo\nlet name = "web\u202e"\n',
    good: 'stack demo\nlet name = "web\\u{202e}"\n',
  },
  K1016: {
    title: "comment in an interpolation",
    explanation: `The part of a string between \`\${\` and \`}\` stands on one line and holds one expression. A comment in it would take the
rest of the expression with it, so none may stand there.

**To mend it**, put the comment on the line above.`,
    bad: 'stack demo\nlet env = "prod"\nlet name = "web-${env /* short */}"\n',
    good: 'stack demo\nlet env = "prod"\n# short\nlet name = "web-${env}#1"\n',
  },
} as const satisfies Record<string, CodeInfo>;
