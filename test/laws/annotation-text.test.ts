// Annotations from the text on: what is read in a source, lowered for the in-process cloud and applied to it.

import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyLock, lockReader } from "../../engine/lock/lock.ts";
import { lowerGraph } from "../../engine/lower/lower.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { compile } from "../../grammar/compile.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { memoryDescription } from "../../providers/memory/description.ts";
import { memoryLowerings } from "../../providers/memory/lowerings.ts";
import { deedsSince } from "./annotation-play.ts";
import { createRig } from "./engine-rig.ts";

const seed = Number(process.env.KOINE_LAW_SEED ?? 1);
const numRuns = Number(process.env.KOINE_LAW_RUNS ?? 25);

function lowerText(text: string): { readonly native?: NativeGraph; readonly diagnostics: readonly Diagnostic[] } {
  const compiled = compile({
    files: [{ path: "main.koine", text: `stack t on memory\ncloud memory {}\n${text}` }],
    providers: new Map([["memory", memoryDescription]]),
    inputs: new Map(),
    readFile: () => ({ mistake: "there are no files here" }),
  });
  if (!compiled.graph) return compiled;
  const lowered = lowerGraph(compiled.graph, new Map([["memory", { name: "memory", lowerings: memoryLowerings }]]), lockReader(emptyLock));
  return { ...lowered, diagnostics: [...compiled.diagnostics, ...lowered.diagnostics] };
}

function graphOf(text: string): NativeGraph {
  const { native, diagnostics } = lowerText(text);
  if (!native) throw new Error(`${diagnostics.map((one) => one.message).join("\n")}\n${text}`);
  return native;
}

test("@after in a circle is an error that prints the circle; without one link of it there is none", () => {
  const anyRing = fc.record({ length: fc.integer({ min: 2, max: 5 }), others: fc.integer({ min: 0, max: 3 }), open: fc.nat({ max: 4 }) });
  fc.assert(
    fc.property(anyRing, ({ length, others, open }) => {
      const write = (without: number | undefined): string =>
        [
          ...Array.from({ length }, (_, n) => `${n === without ? "" : `@after(r${(n + 1) % length})\n`}disk r${n} { size = 1GiB }`),
          ...Array.from({ length: others }, (_, n) => `@after(r${n % length})\ndisk o${n} { size = 1GiB }`),
        ].join("\n");
      const { native, diagnostics } = lowerText(write(undefined));
      expect(native).toBeUndefined();
      const told = diagnostics
        .filter((one) => one.severity === "error")
        .map((one) => one.message)
        .join("\n");
      for (let n = 0; n < length; n++) expect(told).toContain(`disk.r${n}`);
      expect(told).not.toContain("disk.o");
      expect(lowerText(write(open % length)).native?.objects.size).toBe(length + others);
    }),
    { seed, numRuns },
  );
});

test("@was over the keys of [each]: by number, by key, shifted, exchanged; every instance keeps its object", async () => {
  const keys = fc.shuffledSubarray(["a", "b", "c", "d"], { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      keys,
      fc.nat({ max: 3 }),
      fc.option(fc.integer({ min: 1, max: 60 })),
      async (chance, chosen, by, killAt) => {
        const rig = createRig(chance);
        const list = chosen.map((key) => `"${key}"`).join(", ");
        const body = "{ size = (n + 1) * 1GiB }";
        const numbered = `disk d[n in 0..${chosen.length}] ${body}`;
        const turned = [...chosen.slice(by % chosen.length), ...chosen.slice(0, by % chosen.length)];
        const former = `{ ${turned.map((key, n) => `${key} = "${chosen[n]}"`).join(", ")} }`;
        const stages = [
          numbered,
          `@was("disk.d[\${n}]")\ndisk d[n, k in [${list}]] ${body}`,
          // The instance at a place of the list bears another key than before: all of them change places at once.
          `let former = ${former}\n@was("disk.d[\\"\${former[k]}\\"]")\ndisk d[n, k in [${turned.map((key) => `"${key}"`).join(", ")}]] ${body}`,
          `@was("disk.d[\\"\${[${turned.map((key) => `"${key}"`).join(", ")}][n]}\\"]")\ndisk e[n in 0..${chosen.length}] ${body}`,
        ];
        const sizes = (): readonly string[] => rig.world.living().map((object) => `${object.id} ${String(object.props.Size)}`);
        await rig.apply(graphOf(stages[0] as string));
        const before = sizes();
        for (const stage of stages.slice(1)) {
          const from = rig.world.ledger.length;
          if (killAt !== null) await rig.apply(graphOf(stage), { killAt });
          const outcome = await rig.apply(graphOf(stage));
          expect(outcome.result?.kind, stage).toBe("done");
          expect(
            deedsSince(rig, from).filter((deed) => deed.effect !== "update"),
            stage,
          ).toEqual([]);
          expect(sizes(), stage).toEqual(before);
          const bare = stage.replace(/@was\(.*\)\n/, "");
          expect((await rig.plan(graphOf(bare))).plan?.changes, stage).toEqual([]);
        }
      },
    ),
    { seed, numRuns },
  );
});
