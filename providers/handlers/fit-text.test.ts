import { expect, it } from "vitest";
import { fitText } from "./fit-text.ts";

it("shortens long texts without making two alike", () => {
  const one = `machine.web["${"ü".repeat(300)}1"]:instance`;
  const two = `machine.web["${"ü".repeat(300)}2"]:instance`;
  expect([...fitText(one, 256)]).toHaveLength(256);
  expect(fitText(one, 256)).not.toBe(fitText(two, 256));
  expect(fitText("machine.web:instance", 256)).toBe("machine.web:instance");
});
