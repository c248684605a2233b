// Every code of names, types, evaluation and clouds has a page, a source that triggers it and one that comes near: both run.

import { describe, expect, test } from "vitest";
import type { CodeInfo } from "../../grammar/diagnostics/code-info.ts";
import { cloudCodes } from "../../grammar/diagnostics/codes/clouds.ts";
import { evaluationCodes } from "../../grammar/diagnostics/codes/evaluation.ts";
import { nameCodes } from "../../grammar/diagnostics/codes/names.ts";
import { typeCodes } from "../../grammar/diagnostics/codes/types.ts";
import { compileText, errorCodes } from "./compile-support.ts";

const families: Readonly<Record<string, CodeInfo>> = { ...nameCodes, ...typeCodes, ...evaluationCodes, ...cloudCodes };

describe("codes of the compiler", () => {
  test.each(Object.entries(families))("%s", (code, info) => {
    expect(info.explanation.length).toBeGreaterThan(60);
    if (info.bad === undefined || info.good === undefined) {
      expect(["K1217", "K1411", "K1502", "K1506"]).toContain(code);
      return;
    }
    const bad = compileText(info.bad);
    expect(errorCodes(bad)).toEqual([code]);
    const [error] = bad.diagnostics;
    expect(error?.span).toBeDefined();
    expect(error?.hint).toBeTruthy();
    expect(error?.message).not.toMatch(/\.$|undefined|\[object/);
    const good = compileText(info.good);
    expect(good.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(good.graph).toBeDefined();
  });

  const start = `stack demo\ncloud aws { region = "eu-west-1" }\ninput replicas: int = 2\n`;

  test("K1217: a value for an input that does not exist", () => {
    const result = compileText(start, { inputs: new Map([["replica", { text: "3" }]]) });
    expect(errorCodes(result)).toEqual(["K1217"]);
    expect(result.diagnostics[0]?.hint).toContain("`replicas`");
  });

  test("K1411: a value that does not fit its input", () => {
    const result = compileText(start, { inputs: new Map([["replicas", { text: "many" }]]) });
    expect(errorCodes(result)).toEqual(["K1411"]);
    expect(errorCodes(compileText(start, { inputs: new Map([["replicas", { text: "3" }]]) }))).toEqual([]);
  });

  test("K1502: a cloud with the name of another provider", () => {
    expect(errorCodes(compileText(`stack demo\ncloud lab = aws { region = "eu-west-1" }\n`))).toEqual(["K1502"]);
    expect(errorCodes(compileText(`stack demo\ncloud lab { region = "eu-west-1" }\n`))).toEqual([]);
  });

  test("K1506: a kind that the provider refuses", () => {
    const refused = compileText(`stack demo\ncloud lab { region = "eu-west-1" }\naddress ip { }\n`);
    expect(errorCodes(refused)).toEqual(["K1506"]);
    expect(refused.diagnostics[0]?.hint).toBe("reach machines through a bastion");
    expect(errorCodes(compileText(`stack demo\ncloud aws { region = "eu-west-1" }\naddress ip { }\n`))).toEqual([]);
  });
});
