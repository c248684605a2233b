// Every prop of every kind has a meaning on every cloud: it is refused with a way out, or two stacks that differ in it become different things, or the
// provider says why nothing follows from it.

import { describe, expect, test } from "vitest";
import { descriptions, providers } from "../../cli/providers.ts";
import type { Provider } from "../../engine/provider/provider.ts";
import { kinds } from "../../grammar/kinds/catalog.ts";
import { declaredSupport, makeCell, propsOfKind } from "../../scripts/support-matrix.ts";
import { settingsOf, supportSamples } from "../../scripts/support-samples.ts";

const everyProp = [...kinds.values()].flatMap((kind) => propsOfKind(kind).map((prop) => [kind.name, prop] as const));

test("every prop has a sample, and every sample a prop", () => {
  const sampled = new Set(supportSamples.map((sample) => sample.prop));
  expect(everyProp.map(([kind, prop]) => `${kind}.${prop}`).sort()).toEqual([...sampled].sort());
});

test("the samples know every provider", () => {
  for (const name of providers.keys()) expect(settingsOf).toHaveProperty(name);
});

describe.each([...providers])("%s", (name, provider) => {
  test("has a lowering for every kind, or refuses it", () => {
    const without = [...kinds.keys()].filter(
      (kind) => provider.lowerings[kind] === undefined && descriptions.get(name)?.support[kind]?.["*"]?.kind !== "refused",
    );
    expect(without).toEqual([]);
  });

  test("declares support of what there is", () => {
    const known = new Set(everyProp.map(([kind, prop]) => `${kind}.${prop}`));
    const declared = Object.entries(provider.description.support).flatMap(([kind, props]) =>
      Object.keys(props).flatMap((prop) => (prop === "*" ? (kinds.has(kind) ? [] : [kind]) : [`${kind}.${prop}`])),
    );
    expect(declared.filter((prop) => !known.has(prop))).toEqual([]);
  });

  test("gives a reason and a way out with each refusal, and says what each condition is", () => {
    for (const [kind, prop] of everyProp) {
      const declared = declaredSupport(provider, kind, prop);
      if (declared?.kind === "refused") expect(`${declared.reason}|${declared.instead}`).toMatch(/^[^|]{8,}\|[^|]{8,}$/);
      if (declared?.kind === "conditional") expect(declared.condition.length).toBeGreaterThan(8);
      if (declared?.kind === "needless") expect(declared.reason.length).toBeGreaterThan(8);
    }
  });

  test.each(everyProp)("%s.%s is honoured or refused", (kind, prop) => {
    expect(judgeProp(provider, kind, prop)).toEqual([]);
  });
});

/** What is wrong with the meaning of a prop on a provider. */
function judgeProp(provider: Provider, kind: string, prop: string): readonly string[] {
  const { declared, effects } = makeCell(provider, kind, prop);
  if (declared?.kind === "refused") return [];
  return effects.flatMap(({ change, effect }) => {
    const which = change === undefined ? "" : `${change}: `;
    switch (effect.kind) {
      case "none":
        return declared?.kind === "needless" ? [] : [`${which}is taken and ignored: refuse it, honour it, or declare it needless`];
      case "refused":
        return declared?.kind === "conditional" ? [] : [`${which}is refused without a word of it: ${effect.diagnostic.message}`];
      default:
        return declared?.kind === "needless" ? [`${which}is declared needless, and changes something`] : [];
    }
  });
}

describe("what the law is there to find", () => {
  const aws = providers.get("aws") as Provider;
  const kept = (kind: string, drop: string): Provider => ({
    ...aws,
    lowerings: {
      ...aws.lowerings,
      // A lowering that never looks at one prop.
      [kind]: (resource, context) => {
        const { [drop]: _, ...props } = resource.props;
        const lowering = aws.lowerings[kind];
        if (!lowering) throw new Error(`there is no lowering of ${kind}`);
        return lowering({ ...resource, props }, context);
      },
    },
  });

  test("a prop that a lowering forgets", () => {
    expect(judgeProp(kept("machine", "power"), "machine", "power")).toEqual([
      "is taken and ignored: refuse it, honour it, or declare it needless",
    ]);
    expect(judgeProp(kept("disk", "zone"), "disk", "zone")).toHaveLength(1);
  });

  test("a prop that a lowering refuses though its description does not say so", () => {
    const { disk, ...support } = aws.description.support;
    const { encrypted: _, ...silent } = disk ?? {};
    const stern: Provider = {
      ...aws,
      description: { ...aws.description, support: { ...support, disk: silent } },
      lowerings: {
        ...aws.lowerings,
        disk: (resource, context) => ({
          objects: [],
          outputs: {},
          diagnostics: [{ code: "K2503", severity: "error", message: "no", span: context.place("encrypted") }],
          ...(resource.props.encrypted === false ? {} : aws.lowerings.disk?.(resource, context)),
        }),
      },
    };
    expect(judgeProp(stern, "disk", "encrypted")).toEqual(["is refused without a word of it: no"]);
  });
});
