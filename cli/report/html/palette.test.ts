// Whoever sees little contrast reads the page too: every pair of text and ground, in both themes, by WCAG 2.2 (1.4.3: 4.5 for text, 1.4.11: 3 for signs).

import { describe, expect, test } from "vitest";
import { actionOrder, type ColorName, themes } from "./palette.ts";

const pairs: readonly (readonly [ColorName, ColorName])[] = [
  ...(["page", "card", "sunken"] as const).flatMap((ground) =>
    (["ink", "muted", "accent"] as const).map((text) => [text, ground] as const),
  ),
  ...(["danger", "warn"] as const).flatMap((tone) => [
    [tone, `${tone}Soft`] as const,
    ["ink", `${tone}Soft`] as const,
    ["accent", `${tone}Soft`] as const,
    ["card", tone] as const,
  ]),
  ...actionOrder.flatMap((action) => [[action, `${action}Soft`] as const, [action, "card"] as const]),
  ["onAccent", "accent"],
];

describe.each(["light", "dark"] as const)("%s", (theme) => {
  test.each(pairs)("%s on %s can be read", (text, ground) => {
    expect(measureContrast(themes[theme][text], themes[theme][ground])).toBeGreaterThanOrEqual(4.5);
  });
});

function measureContrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [measureLuminance(one), measureLuminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function measureLuminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => {
    const part = Number.parseInt(color.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
