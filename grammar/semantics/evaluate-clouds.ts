// Values of clouds: their settings one by one, `near` resolved to a region, and where a resource is placed.

import { suggest } from "../diagnostics/suggest.ts";
import { type CloudValue, isSecret, type NearValue, tagOf, type Value } from "../graph/value.ts";
import type { ProviderDescription } from "../kinds/provider-description.ts";
import type { Span } from "../source/span.ts";
import { newCell } from "./cells.ts";
import { type Evaluation, type Instance, stop } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { requireKnown } from "./lift.ts";

/** `c.name`, `c.provider` or `c.region`. */
export function readCloud(evaluation: Evaluation, name: string, member: string, span: Span): Value {
  if (member === "name") return name;
  const checked = evaluation.model.checkedClouds.get(name);
  if (!checked) throw poisoned;
  if (member === "provider") return checked.provider.name;
  const value = readSetting(evaluation, name, "region");
  if (value !== null) return isSecret(value) ? (value.value as Value) : value;
  return stop(evaluation, "K1304", { message: `the cloud \`${name}\` has no region`, span, hint: `set \`region = "…"\` on it` });
}

/** One setting of a cloud, default included; null when unset. `near` is a region already. */
export function readSetting(evaluation: Evaluation, name: string, setting: string): Value {
  const checked = evaluation.model.checkedClouds.get(name);
  if (!checked) throw poisoned;
  const attribute = checked.attributes.get(setting);
  const constant = checked.provider.config.props[setting]?.default;
  if (!attribute) return (constant as Value | undefined) ?? null;
  const key = `${name}.${setting}`;
  let cell = evaluation.values.get(key);
  if (!cell) {
    cell = newCell<Value>();
    evaluation.values.set(key, cell);
  }
  return evaluation.cells.demand(
    cell,
    () => ({ label: `\`${setting}\` of cloud \`${name}\``, span: attribute.name.span }),
    () => {
      const value = requireKnown(
        evaluation,
        evaluation.evaluate(attribute.value, undefined),
        "the settings of a cloud",
        attribute.value.span,
      );
      return tagOf(value) === "near" ? resolveNear(evaluation, value as NearValue, checked.provider, attribute.value.span) : value;
    },
  );
}

function resolveNear(evaluation: Evaluation, { city }: NearValue, provider: ProviderDescription, span: Span): string {
  const region = provider.nearest(city);
  if (region !== undefined) return region;
  const near = suggest(city, provider.cities);
  return stop(evaluation, "K1508", {
    message: `\`near\` knows no city ${JSON.stringify(city)}`,
    span,
    hint:
      near !== undefined ? `did you mean \`near(${JSON.stringify(near)})\`?` : "name a larger city close by, or write the region itself",
  });
}

/** The name of the cloud that an instance is placed on: its own `on`, else the stack's, else the only cloud. */
export function placeInstance(evaluation: Evaluation, instance: Instance): string {
  const { template } = instance;
  const { declaration } = template.checked;
  const { on } = declaration;
  if (!on) return placeStack(evaluation, declaration.name.span);
  const varies = evaluation.model.varying.has(on);
  if (varies) instance.cloud ??= newCell<string>();
  return evaluation.cells.demand(
    varies && instance.cloud ? instance.cloud : template.cloud,
    () => ({ label: `\`on\` of ${instance.address}`, span: on.span }),
    () => cloudOf(evaluation, evaluation.evaluate(on, varies ? instance.locals : undefined), on.span),
  );
}

/** The cloud of everything that does not say its own. */
function placeStack(evaluation: Evaluation, wanted: Span): string {
  const { stack, clouds } = evaluation.model.scope;
  if (stack?.on) {
    const { on } = stack;
    return cloudOf(evaluation, evaluation.evaluate(on, undefined), on.span);
  }
  const [only] = clouds;
  if (only !== undefined && clouds.length === 1) return only;
  const span = stack?.name.span ?? wanted;
  const example = evaluation.model.providerNames[0] ?? "aws";
  if (only === undefined) {
    return stop(evaluation, "K1503", { message: "no cloud is declared", span, hint: `declare one: \`cloud ${example} { … }\`` });
  }
  return stop(evaluation, "K1504", {
    message: `this stack has ${clouds.length} clouds and does not say which one it is on`,
    span,
    hint: `write \`stack ${stack?.name.name ?? "NAME"} on ${only}\`, or put \`on …\` on each resource; clouds are ${clouds.map((name) => `\`${name}\``).join(", ")}`,
  });
}

function cloudOf(evaluation: Evaluation, value: Value, span: Span): string {
  const known = requireKnown(evaluation, value, "where a resource is placed", span);
  if (isSecret(known)) throw poisoned;
  const { name } = known as CloudValue;
  if (!evaluation.model.checkedClouds.has(name)) throw poisoned;
  return name;
}
