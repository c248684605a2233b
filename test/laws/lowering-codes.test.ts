// Each page of a lowering's diagnostic is true: its bad source triggers the code and nothing else, its good source triggers nothing.

import { describe, expect, test } from "vitest";
import type { CodeInfo } from "../../grammar/diagnostics/code-info.ts";
import { loweringCodes } from "../../grammar/diagnostics/codes/lowering.ts";
import { azureLoweringCodes } from "../../grammar/diagnostics/codes/lowering-azure.ts";
import { gcpLoweringCodes } from "../../grammar/diagnostics/codes/lowering-gcp.ts";
import { lowerSource } from "../support/lower-source.ts";

const pages = Object.entries<CodeInfo>({ ...loweringCodes, ...gcpLoweringCodes, ...azureLoweringCodes });

describe("pages of the lowering's diagnostics", () => {
  /** No source can show these: every kind is lowered by every cloud, and gives all its attributes. */
  const unshown = ["K3001", "K3003"];

  test.each(pages)("%s is shown by its sources", (code, { bad, good }) => {
    if (unshown.includes(code)) return expect(bad).toBeUndefined();
    const { diagnostics } = lowerSource(bad ?? "");
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    for (const { span, hint, message } of diagnostics) {
      expect(span?.end ?? 0).toBeGreaterThan(span?.start ?? 0);
      expect(hint).toBeTruthy();
      expect(message).not.toMatch(/\.$/);
    }
    const fine = lowerSource(good ?? "");
    expect(fine.diagnostics).toEqual([]);
    expect(fine.native).toBeDefined();
  });
});
