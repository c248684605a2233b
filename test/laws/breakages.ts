// One-line breakages of the engine, each with the law that has to notice it. `npm run laws:teeth` applies them one by one to copies of the tree;
// a test keeps this list in step with the sources.

import type { Breakage } from "./breakage.ts";
import { engineBreakages } from "./breakages-of-engine.ts";
import { planBreakages } from "./breakages-of-plans.ts";

export const breakages: readonly Breakage[] = [...engineBreakages, ...planBreakages];
