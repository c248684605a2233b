// The laws of annotations, a few cases each; `npm run laws` plays them by the thousand.

import { expect, test } from "vitest";
import { ignoreLaw, protectLaw, replaceOrderLaw } from "./annotation-changes.ts";
import { afterLaw } from "./annotation-order.ts";
import { adoptForgetLaw, adoptLaw, existingLaw, forgetLaw } from "./annotation-owners.ts";
import { wasLaw } from "./annotation-was.ts";
import { holdLaw, patience } from "./hold-law.ts";

test(
  "@was: whoever changes addresses keeps its object, in chains and circles, killed anywhere; afterwards it may go",
  async () => {
    const tally = await holdLaw(wasLaw, 60);
    expect(tally["annotation/moved"]).toBeGreaterThan(20);
  },
  patience,
);

test(
  "@adopt: taken over without being made, marked by a planned step, finished after a kill; ended only when the source drops it",
  async () => {
    const tally = await holdLaw(adoptLaw, 40);
    expect(tally["annotation/adopted"]).toBeGreaterThan(20);
  },
  patience,
);

test(
  "@adopt, cut short, then @forget: whatever came of it, the object stays as it is",
  async () => {
    const tally = await holdLaw(adoptForgetLaw, 30);
    expect(tally["annotation/let-go"]).toBeGreaterThan(10);
  },
  patience,
);

test(
  "@existing: used, verified, never touched; gone or changed is an error",
  async () => {
    const tally = await holdLaw(existingLaw, 40);
    for (const ending of ["gone", "changed", "destroyed"]) expect(tally[`existing/${ending}`], ending).toBeGreaterThan(0);
  },
  patience,
);

test(
  "@forget: it stays as it is, for good, and nothing is made in its place; what others need cannot be let go",
  async () => {
    const tally = await holdLaw(forgetLaw, 50);
    for (const end of ["refused", "let-go"]) expect(tally[`forget/${end}`], end).toBeGreaterThan(5);
  },
  patience,
);

test(
  "@ignore: edits by others are in no plan and outlive updates; what is made anew is as the source says",
  async () => {
    const tally = await holdLaw(ignoreLaw, 50);
    expect(tally["annotation/ignored"]).toBeGreaterThan(30);
  },
  patience,
);

test(
  "@protect: never ended, never replaced, by whatever apply; the refusal names all; taken off, it may go",
  async () => {
    const tally = await holdLaw(protectLaw, 50);
    for (const end of ["refused", "done"]) expect(tally[`protect/${end}`], end).toBeGreaterThan(3);
  },
  patience,
);

test(
  "@replace: old and new live in the order that is written, and what cannot is an error that names the claim",
  async () => {
    const tally = await holdLaw(replaceOrderLaw, 60);
    for (const end of ["before", "after", "refused"]) expect(tally[`replace/${end}`], end).toBeGreaterThan(2);
  },
  patience,
);

test(
  "@after: made later, ended earlier, also what earlier runs made",
  async () => {
    const tally = await holdLaw(afterLaw, 40);
    expect(tally["after/pairs"]).toBeGreaterThan(40);
  },
  patience,
);
