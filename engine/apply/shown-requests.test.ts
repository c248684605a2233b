// What the rest of a killed run may send: what its plan showed, and nothing beside it.

import { expect, test } from "vitest";
import { digestRequests, findAdditions, type ShowsRequests } from "./shown-requests.ts";

const id = (text: string) => ({ type: "thing", account: "1", region: "r", id: text });
const plan = (
  key: string,
  objectId: string | undefined,
  ...steps: readonly { readonly key: string; readonly deletes?: true }[]
): ShowsRequests => ({
  changes: [
    {
      key,
      operations: [
        {
          ...(objectId === undefined ? {} : { objectId: id(objectId) }),
          steps: steps.map((step) => ({ operation: `cloud:${step.key}`, ...step })),
        },
      ],
    },
  ],
});
const shown = plan("network.main:vpc", "vpc-1", { key: "create" }, { key: "dns" }, { key: "end", deletes: true });

test("what was shown may be left, in part or as a whole; from the plan, a file, or what a run kept of it", () => {
  for (const by of [shown, digestRequests(shown)]) {
    expect(findAdditions(by, shown, "the file")).toEqual([]);
    expect(findAdditions(by, plan("network.main:vpc", "vpc-1", { key: "dns" }), "the file")).toEqual([]);
    expect(findAdditions(by, { changes: [] }, "the file")).toEqual([]);
  }
  const inFile: ShowsRequests = JSON.parse(JSON.stringify(shown).replace(JSON.stringify(id("vpc-1")), '"1/r/vpc-1"'));
  expect(digestRequests(inFile)).toEqual(digestRequests(shown));
});

test.each<[string, ShowsRequests]>([
  ["another object", plan("subnet.a:subnet", undefined, { key: "create" })],
  ["another request", plan("network.main:vpc", "vpc-1", { key: "tag" })],
  ["the end of another object under the same key", plan("network.main:vpc", "vpc-2", { key: "end", deletes: true })],
])("%s was not shown, and is named once", (_, rest) => {
  const twice = { changes: [...rest.changes, ...rest.changes] };
  expect(findAdditions(digestRequests(shown), twice, "the file")).toEqual([
    expect.stringMatching(/^`[a-z.:]+` now needs cloud:\w+, which the file does not show$/),
  ]);
});
