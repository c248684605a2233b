// The pages of diagnostics as rules of SARIF: what a viewer shows beside a finding. All rules stand in every file, so that files of one version differ in
// their results alone.

import { codes } from "../../grammar/diagnostics/codes.ts";
import { explainCode } from "../../grammar/diagnostics/explain.ts";

export interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly properties: { readonly tags: readonly string[]; readonly precision: "very-high" };
}

// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
const descriptionLimit = 1024;

/** In the order of their ids; a result names its rule by its index here. */
export function listRules(): readonly SarifRule[] {
  return Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { title, explanation }]) => {
      const page = explainCode(id) ?? title;
      return {
        id,
        shortDescription: { text: title },
        fullDescription: { text: firstParagraph(explanation) },
        help: { text: page.trimEnd(), markdown: page.trimEnd() },
        properties: { tags: ["koine", familyOf(id)], precision: "very-high" },
      };
    });
}

function firstParagraph(text: string): string {
  const words = (text.trim().split(/\n\s*\n/)[0] ?? "").replace(/\s+/g, " ");
  return words.length <= descriptionLimit ? words : `${words.slice(0, descriptionLimit - 1)}…`;
}

function familyOf(id: string): string {
  const family: Readonly<Record<string, string>> = { K1: "language", K2: "kinds", K3: "clouds", K4: "project" };
  return family[id.slice(0, 2)] ?? "koine";
}
