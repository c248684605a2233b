// Every single value of a plan file, altered: it is refused, or it is one of those that only explain.

import { describe, expect, test } from "vitest";
import { buildPlan } from "../engine/plan/build-plan.ts";
import { makePlanFile, type PlanFile, parsePlanFile, serialisePlanFile } from "../engine/plan/plan-file.ts";
import { createSecretKeeper } from "../engine/state/secrets.ts";
import { tag } from "../grammar/graph/value.ts";
import { inputOf, lineage, object, rowOf, schemaOf } from "../test/support/planning.ts";
import { judgeClaim } from "./compare-claim.ts";

const thing = schemaOf("thing", {
  props: {
    p: { type: "string" },
    fixed: { type: "string", immutable: true },
    word: { type: "string", writeOnly: true },
    Tags: { type: "tags" },
  },
});
const secrets = createSecretKeeper(() => new Uint8Array(32).fill(7));
const kept = object("x.kept:o", "thing", { p: "1", fixed: "b", Tags: { t: "2" } });
const made = object("x.made:o", "thing", { p: "1", fixed: "a", word: { [tag]: "secret", value: "quiet" } }, { after: [kept.key] });
const gone = object("x.gone:o", "thing", { p: "1" });
const rows = [rowOf(kept, { p: "2", fixed: "a", Tags: { t: "1" } }), rowOf(gone, gone.props)];
const basis = {
  sources: { "main.koine": "sha256:1" },
  inputs: { team: "sha256:2" },
  lock: "sha256:3",
  lineage,
  serial: 3,
  koine: "1.0.0",
  world: "simulated" as const,
  options: { exclude: ["x.none"] },
};

function makeFile(): { readonly file: PlanFile; readonly fresh: NonNullable<ReturnType<typeof buildPlan>["plan"]> } {
  const { plan } = buildPlan({ ...inputOf([kept, made], rows, { schemas: [thing] }), basis, secrets, lineage });
  if (!plan) throw new Error("no plan");
  return { file: makePlanFile(plan, basis, 0, { lineage, secrets }), fresh: plan };
}

const { file, fresh } = makeFile();

type Path = readonly (string | number)[];

function listPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [...(path.length > 0 ? [path] : []), ...Object.entries(value).flatMap(([name, item]) => listPaths(item, [...path, name]))];
}

/** A copy with the value at the path altered, or taken out. */
function alter(path: Path, how: (value: unknown) => unknown): unknown {
  const copy = structuredClone(JSON.parse(serialisePlanFile(file))) as Record<string, unknown>;
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const last = path.at(-1) as string;
  const value = how(at[last]);
  if (value === undefined && Array.isArray(at)) at.splice(Number(last), 1);
  else if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function other(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return `${value}x`;
    case "number":
      return value + 1;
    case "boolean":
      return !value;
    default:
      return Array.isArray(value) ? [...value, value[0] ?? "x"] : { ...(value as object), more: "x" };
  }
}

/** What stands in the file for people. Apply reads none of it. */
const explains =
  /^(createdAt|unchanged|lineage|serial|warnings|strays|settled|blocked|leftOut)|^changes\.\d+\.(notes|span|props\.\d+\.(cause|span|waitsFor))|^outputs\.\d+\.(from|waitsFor)/;

const holds = (text: string): boolean => {
  const parsed = parsePlanFile(text);
  if ("mistake" in parsed) return false;
  return judgeClaim({ file: parsed.file, fresh, basis, context: { lineage, secrets }, resumes: false }).length === 0;
};

describe("a plan file of a create, a replacement and a delete", () => {
  test("holds as it is, whatever the order of its keys", () => {
    expect(holds(serialisePlanFile(file))).toBe(true);
    const turned = (value: unknown): unknown =>
      typeof value !== "object" || value === null
        ? value
        : Array.isArray(value)
          ? value.map(turned)
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, item]) => [name, turned(item)]),
            );
    expect(holds(JSON.stringify(turned(file)))).toBe(true);
    expect(file.changes.map((change) => change.action).sort()).toEqual(["create", "delete", "replace"]);
    expect(serialisePlanFile(file)).not.toContain("quiet");
  });

  test("is refused with any one value changed, added or taken out, but for what only explains", () => {
    const paths = listPaths(JSON.parse(serialisePlanFile(file)));
    expect(paths.length).toBeGreaterThan(150);
    const accepted = paths.flatMap((path) =>
      [other, () => undefined].flatMap((how) => (holds(JSON.stringify(alter(path, how))) ? [path.join(".")] : [])),
    );
    expect(accepted.filter((path) => !explains.test(path))).toEqual([]);
    expect(accepted).toContain("createdAt");
  });
});
