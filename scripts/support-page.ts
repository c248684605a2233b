// The page on what each cloud honours, from the matrix of support-matrix.ts.

import type { Provider } from "../engine/provider/provider.ts";
import { kinds } from "../grammar/kinds/catalog.ts";
import type { PropSchema } from "../grammar/kinds/kind.ts";
import { type Cell, makeMatrix, type SampleEffect } from "./support-matrix.ts";

const legend = `✓ honoured · ⟳ honoured, and a change replaces the object · ✓⟳ a change is made in place, or replaces where the cloud cannot · ◐ within limits, named
below the table · = taken, and nothing follows from it · ✗ refused before any call

Made from what each provider declares, and from what two stacks that differ in the prop alone become there.`;

export function makeSupportPage(providers: ReadonlyMap<string, Provider>): string {
  const sections = [...makeMatrix(providers)].map(([kind, props]) => {
    const names = [...providers.keys()];
    const rows = [...props].map(
      ([prop, cells]) => `| ${describeProp(kind, prop)} | ${names.map((name) => drawCell(cells.get(name))).join(" | ")} |\n`,
    );
    const head = `| prop | ${names.join(" | ")} |\n|---|${names.map(() => "---|").join("")}\n`;
    return `## ${kind}\n\n${head}${rows.join("")}${drawNotes(kind, props, providers)}`;
  });
  const titles = [...providers].map(([name, { description }]) => `\`${name}\` is ${description.title}`).join(", ");
  return `# Support\n\n${titles}.\n\n${legend}\n\n${sections.join("\n")}`;
}

function describeProp(kind: string, prop: string): string {
  const schema = kinds.get(kind);
  const [word = "", inner] = prop.split(".");
  const props: Readonly<Record<string, PropSchema>> = (inner === undefined ? schema?.props : schema?.blocks?.[word]?.props) ?? {};
  return `${props[inner ?? word]?.required ? "★ " : ""}\`${prop}\``;
}

function drawCell(cell: Cell | undefined): string {
  if (!cell || cell.declared?.kind === "refused") return "✗";
  if (cell.declared?.kind === "needless") return "=";
  const sign = cell.declared?.kind === "conditional" ? "◐" : "✓";
  return [...new Set(cell.effects.map((effect) => drawEffect(effect, sign)))].join(", ");
}

function drawEffect({ change, effect }: SampleEffect, sign: string): string {
  const label = change === undefined ? "" : ` ${change}`;
  if (effect.kind === "refused") return `◐${label}`;
  if (effect.kind === "none") return `${sign}${label}`;
  if (effect.sometimes) return `✓⟳${label}`;
  if (effect.kind === "in place") return `${sign}${label}`;
  return `${sign === "✓" ? "" : sign}⟳${label}`;
}

function drawNotes(kind: string, props: ReadonlyMap<string, ReadonlyMap<string, Cell>>, providers: ReadonlyMap<string, Provider>): string {
  const notes = [...providers].flatMap(([name, { description }]) => {
    const whole = description.support[kind]?.["*"];
    if (whole?.kind === "refused") return [`- ${name}: no \`${kind}\`: ${whole.reason}; ${whole.instead}\n`];
    const general = noteOf(whole);
    return [
      ...(general === undefined ? [] : [`- ${name}: ${general}\n`]),
      ...[...props].flatMap(([prop, cells]) => {
        const note = noteOf(cells.get(name)?.declared);
        return note === undefined ? [] : [`- ${name} \`${prop}\`: ${note}\n`];
      }),
    ];
  });
  return notes.length === 0 ? "" : `\n${notes.join("")}`;
}

function noteOf(support: Cell["declared"]): string | undefined {
  switch (support?.kind) {
    case "supported":
      return support.note;
    case "conditional":
      return support.condition;
    case "needless":
      return support.reason;
    case "refused":
      return `refused: ${support.reason}; ${support.instead}`;
    case undefined:
      return undefined;
  }
}
