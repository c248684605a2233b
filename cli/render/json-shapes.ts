// The shapes of what `check`, `lower`, `status` and `output` print as JSON. docs/schemas is made of them, and tests hold the output to them. Prints nothing.

import { boolean, data, described, integer, list, map, number, object, oneOf, type Shape, string } from "../../engine/state/data-shape.ts";

const version = described("Rises only when a field changes its meaning or goes.", oneOf(1));
const truth = oneOf(true);

const position = object({ offset: described("From 0, in UTF-16 code units.", integer(0)) }, { line: integer(1), column: integer(1) });
const place = object({ file: described("Below the stack's folder, with `/`.", string), start: position, end: position });

export const checkShape: Shape = described(
  "What `koine check --format json` prints.",
  object({
    version,
    diagnostics: described(
      "By file and place.",
      list(
        object(
          {
            code: described("Permanent; `koine explain CODE` is its page.", string),
            severity: oneOf("error", "warning"),
            message: string,
          },
          {
            place,
            label: string,
            related: list(object({ message: string, place })),
            hint: described("What to do about it.", string),
            fix: described("An edit that mends it.", object({ title: string, replacement: string, place })),
            conceal: described("The source there may hold what nobody should see.", truth),
          },
        ),
      ),
    ),
  }),
);

const nativeObjects = described(
  "By key. References read `${network.main:vpc.VpcId}`; a secret is `(secret)`.",
  map(object({ type: string, props: map(data) }, { cloud: string, after: list(string) })),
);

const prices = described(
  "With `--prices`: estimates in USD a month, of each choice and of the stack on other providers' clouds. `problem` stands where it cannot be there.",
  list(
    object(
      { title: string },
      {
        on: map(string),
        elsewhere: described("The provider, where the stack itself is not on it.", string),
        problem: string,
        currency: oneOf("USD"),
        pricedAt: string,
        monthly: number,
        resources: list(object({ address: string, cloud: string, monthly: number, partial: boolean, what: string })),
        unpriced: list(object({ type: string, reason: string, count: integer(1) })),
        notes: list(string),
      },
    ),
  ),
);

export const lowerShape: Shape = described(
  "What `koine lower --format json` prints: `objects`, or where an input chooses the cloud, `choices`.",
  object(
    { version, stack: string },
    { prices, objects: nativeObjects, choices: list(object({ on: map(string), objects: nativeObjects })) },
  ),
);

export const statusShape: Shape = described(
  "What `koine status --format json` prints.",
  object(
    {
      version,
      stack: string,
      objects: list(object({ key: string, type: string, id: string, status: string })),
      inFlight: described("Requests whose outcome is not known; the next apply settles them.", integer(0)),
    },
    {
      lastRun: object({ command: string, startedAt: string, result: string }),
      drift: described(
        "With `--drift`: what the clouds report differently.",
        list(
          object({
            key: string,
            what: oneOf("changed", "gone"),
            props: list(object({ prop: string }, { applied: data, now: data })),
          }),
        ),
      ),
    },
  ),
);

export const outputShape: Shape = described(
  "What `koine output --json` prints: by name either a value or, of a secret, only that it is one.",
  map(object({}, { value: data, secret: boolean })),
);
