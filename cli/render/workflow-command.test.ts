import fc from "fast-check";
import { expect, test } from "vitest";
import { defuseWorkflowCommands, formatWorkflowCommand } from "./workflow-command.ts";

/** What the runner makes of a line, as its source reads: `::` after white space, else `##[…]` anywhere. */
function readCommand(
  line: string,
): { readonly name: string; readonly properties: Record<string, string>; readonly data: string } | undefined {
  const text = line.trimStart();
  const end = text.startsWith("::") ? text.indexOf("::", 2) : -1;
  if (end < 0) {
    const old = /##\[([^\] ]*)[^\]]*\](.*)/s.exec(line);
    return old ? { name: old[1] ?? "", properties: {}, data: old[2] ?? "" } : undefined;
  }
  const head = text.slice(2, end);
  const space = head.indexOf(" ");
  const properties: Record<string, string> = {};
  for (const part of space < 0
    ? []
    : head
        .slice(space + 1)
        .trim()
        .split(",")) {
    const equals = part.indexOf("=");
    const value = part.slice(equals + 1);
    properties[part.slice(0, equals)] = decode(decode(value, "%3A", ":"), "%2C", ",");
  }
  return { name: space < 0 ? head : head.slice(0, space), properties: mapValues(properties), data: decodeData(text.slice(end + 2)) };
}

const decode = (text: string, token: string, to: string) => text.replaceAll(token, to);
const decodeData = (text: string) => decode(decode(decode(text, "%0D", "\r"), "%0A", "\n"), "%25", "%");
const mapValues = (all: Record<string, string>) =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, decodeData(value)]));

const hostile = fc
  .array(
    fc.constantFrom("::", ":", "##[", "]", "%", "%0A", "%25", "%3A", ",", "=", "\n", "\r", " ", "error", "set-output name=x", "é", "x"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

test("what the runner decodes is what was given, for any text", () => {
  fc.assert(
    fc.property(hostile, hostile, (title, message) => {
      // The runner trims the list of properties, and with it the end of the last one.
      const text = formatWorkflowCommand("error", { file: "a.koine", line: 3, title }, message);
      expect(text).not.toMatch(/[\r\n]/);
      const read = readCommand(text);
      const shown = (plain: string) => plain.replaceAll("\r\n", "\n");
      expect(read?.name).toBe("error");
      expect(read?.data).toBe(shown(message));
      expect(read?.properties).toEqual({ file: "a.koine", line: "3", ...(title === "" ? {} : { title: shown(title).replace(/ +$/, "") }) });
    }),
  );
});

test("no line of a defused text is a command, and JSON stays the same JSON", () => {
  fc.assert(
    fc.property(fc.array(hostile), (texts) => {
      for (const line of defuseWorkflowCommands(texts.join("\n")).split(/[\n\r]/)) expect(readCommand(line)).toBeUndefined();
      expect(JSON.parse(defuseWorkflowCommands(JSON.stringify(texts, undefined, 1)))).toEqual(texts);
    }),
  );
  expect(defuseWorkflowCommands("a::b\n  ::error::x\n##[set-output name=a]1")).toBe(
    "a::b\n  \\u003a:error::x\n##\\u005bset-output name=a]1",
  );
});

test("what steers a terminal is shown, not passed on", () => {
  expect(formatWorkflowCommand("warning", { title: "a\u001b[2J" }, "b\u001b]0;x\u0007\u202e")).toBe(
    "::warning title=a\\u001b[2J::b\\u001b]0;x\\u0007\\u202e",
  );
  expect(formatWorkflowCommand("endgroup", {}, "")).toBe("::endgroup::");
});
