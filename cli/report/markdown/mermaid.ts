// The graph of a small stack as a Mermaid flowchart, what changes in colour. Of a label only letters, digits and a few signs are written as they are.

import { signs } from "../describe-change.ts";
import type { PlanReport } from "../report.ts";
import { showText } from "./escape.ts";

/** More nodes are no picture any more. */
const mostNodes = 40;
const mostEdges = 120;
const longestLabel = 60;

const colours = {
  create: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  update: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
  replace: "fill:#fbefff,stroke:#8250df,color:#1f2328",
  delete: "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
  adopt: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  rename: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  forget: "fill:#f6f8fa,stroke:#6e7781,color:#1f2328",
} as const;

/** Undefined where there is nothing to draw, or too much. Arrows point at what is referred to. */
export function renderDiagram({ graph }: PlanReport): string | undefined {
  if (!graph || graph.nodes.length < 2 || graph.nodes.length > mostNodes || graph.edges.length > mostEdges) return undefined;
  if (!graph.nodes.some((node) => node.action)) return undefined;
  const used = new Set(graph.nodes.flatMap(({ action }) => (action ? [action] : [])));
  const lines = [
    "flowchart LR",
    ...graph.nodes.map(({ address, action }, index) => {
      const label = escapeLabel(`${action ? `${signs[action]} ` : ""}${address}`);
      return `  n${index}["${label}"]${action ? `:::${action}` : ""}`;
    }),
    ...graph.edges.map(([from, to]) => `  n${from} --> n${to}`),
    ...[...used].map((action) => `  classDef ${action} ${colours[action]}`),
  ];
  return `\`\`\`mermaid\n${lines.join("\n")}\n\`\`\`\n`;
}

/** https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters: numbers are decimal. */
function escapeLabel(text: string): string {
  const shown = [...showText(text)];
  const cut = shown.length <= longestLabel ? shown : [...shown.slice(0, longestLabel - 1), "…"];
  return cut.map((character) => (/[A-Za-z0-9 ._/-]/.test(character) ? character : `#${character.codePointAt(0)};`)).join("");
}
