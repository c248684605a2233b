// The closed set of diagnostic codes. A code is permanent: it is never reused and never changes its meaning.
//
// K10xx lexical · K11xx syntax · K12xx names · K13xx types · K14xx evaluation · K15xx clouds and placement
// K20xx–K29xx kinds and their checks · K30xx lowering and providers · K40xx command line, files, lock

import { cloudCodes } from "./codes/clouds.ts";
import { evaluationCodes } from "./codes/evaluation.ts";
import { kindCodes } from "./codes/kinds.ts";
import { lexicalCodes } from "./codes/lexical.ts";
import { loweringCodes } from "./codes/lowering.ts";
import { azureLoweringCodes } from "./codes/lowering-azure.ts";
import { gcpLoweringCodes } from "./codes/lowering-gcp.ts";
import { nameCodes } from "./codes/names.ts";
import { projectCodes } from "./codes/project.ts";
import { syntaxCodes } from "./codes/syntax.ts";
import { typeCodes } from "./codes/types.ts";

export const codes = {
  ...lexicalCodes,
  ...syntaxCodes,
  ...nameCodes,
  ...typeCodes,
  ...evaluationCodes,
  ...cloudCodes,
  ...kindCodes,
  ...loweringCodes,
  ...azureLoweringCodes,
  ...gcpLoweringCodes,
  ...projectCodes,
} as const;

export type Code = keyof typeof codes;
