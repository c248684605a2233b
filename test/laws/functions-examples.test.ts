// Every example of the function library, compiled: the reference page shows nothing that is not so.

import { describe, expect, test } from "vitest";
import { compile } from "../../grammar/compile.ts";
import { functions } from "../../grammar/functions/library.ts";
import { tagOf, type Value } from "../../grammar/graph/value.ts";
import { awsDescription } from "../../providers/aws/description.ts";
import { call } from "../support/call-function.ts";

const files: Readonly<Record<string, string>> = { "motd.txt": "Welcome\n", "hello.tpl": "${name} listens on ${port}\n" };

describe("examples", () => {
  test.each([...functions.values()])("$name", ({ name, example: [source, expected] }) => {
    // The answer of `near` fits only the region of a cloud, so that is where it is shown.
    const isRegion = name === "near";
    const text = isRegion
      ? `stack demo\n\ncloud aws { region = ${source} }\n`
      : `stack demo\n\ncloud aws { region = "eu-west-1" }\n\noutput example = ${source}\n`;
    const { graph, diagnostics } = compile({
      files: [{ path: "main.koine", text }],
      providers: new Map([["aws", awsDescription]]),
      inputs: new Map(),
      readFile: (_, path) => (files[path] === undefined ? { mistake: `there is no file \`${path}\`` } : { text: files[path] }),
    });
    expect(diagnostics.map((problem) => problem.message)).toEqual([]);
    const value = isRegion ? graph?.clouds.get("aws")?.settings.region : graph?.outputs.get("example")?.value;
    expect(writeAsJson(value as Value)).toBe(expected);
  });
});

function writeAsJson(value: Value): Value {
  expect(tagOf(value)).not.toBe("deferred");
  return call("json", value);
}
