// The embedded GCE serves the vendor's routes, takes the vendor's parameters and fields, and no others.

import { describe, expect, test } from "vitest";
import { COMMON_QUERY } from "../../providers/gcp/simulator/method.ts";
import { METHODS } from "../../providers/gcp/simulator/methods.ts";
import { SHAPES } from "../../providers/gcp/simulator/shapes.ts";
import { findModelFields, findModelMethod, sortOfField } from "../support/gce-model.ts";

/** In the REST reference of every list, and not yet in the SDK's description. https://cloud.google.com/compute/docs/reference/rest/v1/networks/list */
const REST_ONLY = "returnPartialSuccess";

describe.each(METHODS.map((method) => [method.id, method] as const))("%s", (id, method) => {
  const model = findModelMethod(id);
  const route = `/compute/v1/projects/{project}${method.path === "" ? "" : "/"}${method.path}`;

  test("is where the vendor has it", () => {
    expect([method.http, route]).toEqual([model?.http, model?.path]);
    expect(method.mutating).toBe(model?.http !== "GET" && !id.endsWith(".wait"));
  });

  test("takes parameters that exist, and all that are required", () => {
    const fields = model?.request ?? {};
    expect(method.query.filter((name) => fields[name] === undefined && name !== REST_ONLY)).toEqual([]);
    const inRoute = [...route.matchAll(/\{(.+?)\}/g)].map((match) => match[1]);
    const taken = new Set([...inRoute, ...method.query, model?.body]);
    const required = Object.entries(fields).filter(([, field]) => field.options?.["(google.api.field_behavior)"] === "REQUIRED");
    expect(required.map(([name]) => name).filter((name) => !taken.has(name))).toEqual([]);
    expect(method.query.includes("requestId")).toBe(fields.requestId !== undefined);
  });

  test("takes the vendor's body", () => {
    expect(method.body).toBe(model?.body === undefined ? undefined : model.request[model.body]?.type);
  });
});

describe.each(Object.entries(SHAPES))("%s", (message, shape) => {
  const fields = findModelFields(message) ?? {};

  test("has fields that exist, of their sorts", () => {
    const ours = Object.fromEntries(Object.entries(shape).map(([name, sort]) => [name, sort === "empty" ? "map" : sort.replace(/^</, "")]));
    const theirs = Object.fromEntries(
      Object.keys(shape).map((name) => [name, fields[name] === undefined ? "none" : sortOfField(fields[name])]),
    );
    expect(ours).toEqual(theirs);
  });

  // The vendor's client writes every map, empty ones too: a map that is not in the shape would refuse its requests.
  test("knows every map", () => {
    const maps = Object.keys(fields).filter((name) => fields[name]?.keyType !== undefined);
    expect(maps.filter((name) => shape[name] === undefined)).toEqual([]);
  });

  test("leads to messages that have a shape", () => {
    const inner = Object.values(shape)
      .map((sort) => sort.replace(/[<[\]]/g, ""))
      .filter((sort) => /^[A-Z]/.test(sort));
    expect(inner.filter((name) => SHAPES[name] === undefined)).toEqual([]);
  });
});

test("every body has a shape, and every method an id of its own", () => {
  expect(METHODS.filter(({ body }) => body !== undefined && SHAPES[body] === undefined).map(({ id }) => id)).toEqual([]);
  expect(new Set(METHODS.map(({ id }) => id)).size).toBe(METHODS.length);
  expect(new Set(METHODS.map(({ http, path }) => `${http} ${path.replace(/\{.+?\}/g, "{}")}`)).size).toBe(METHODS.length);
  expect(COMMON_QUERY).toContain("fields");
});
