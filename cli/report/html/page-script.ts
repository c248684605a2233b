// The page's script as text: the functions of browser/, each inlined as it stands by `Function.prototype.toString`. So the script is linted and
// type-checked source like all else, needs no file at run time, and is the same from the sources and from the bundle.

import { drawCurve } from "./browser/draw-curve.ts";
import { startFilter } from "./browser/filter-changes.ts";
import { startFolding } from "./browser/fold-clouds.ts";
import { startGraph } from "./browser/move-graph.ts";
import { startKeys } from "./browser/press-keys.ts";
import { type Parts, startPage } from "./browser/start-page.ts";

/** Runs by itself when inlined. Made from our functions alone; no text of a report is in it. */
export function writeScript(): string {
  const parts: Parts = { startFilter, startGraph, startFolding, startKeys, drawCurve };
  const members = Object.entries(parts).map(([name, part]) => `${name}:${part.toString()}`);
  // The bundle keeps the names of functions by a function of its own, `__name`, that the page does not have.
  return `"use strict";(()=>{const __name=(part)=>part;(${startPage.toString()})(document,window,{${members.join(",")}});})();`;
}
