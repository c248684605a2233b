import { expect, it } from "vitest";
import { acknowledge, acknowledgeNew, requestIdOf } from "./request.ts";

it("makes a UUID of a token, the same on every resend", () => {
  const token = "0123456789abcdef0123456789abcdef";
  expect(requestIdOf({ token })).toBe("01234567-89ab-4def-8123-456789abcdef");
  expect(requestIdOf({ token: "any other" })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(requestIdOf({ token: "any other" })).toBe(requestIdOf({ token: "any other" }));
  expect(() => requestIdOf({})).toThrow("without one");
});

const link = "https://www.googleapis.com/compute/v1/projects/p/zones/z";

it("tells the object, its incarnation and the operation of a creating request", () => {
  const operation = { selfLink: `${link}/operations/o`, targetLink: `${link}/instances/i`, targetId: "42" };
  expect(acknowledgeNew("instances.insert", operation)).toEqual({
    id: "projects/p/zones/z/instances/i",
    handle: "projects/p/zones/z/operations/o",
    incarnation: "42",
  });
});

it("does not take an answer without its operation for one", () => {
  expect(() => acknowledge("instances.stop", {})).toThrow("the answer to instances.stop has no selfLink");
});
