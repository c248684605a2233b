// The JSON Schemas of what Koine prints and takes, as text, made from the shapes that the program itself checks. Written by generate-docs.ts,
// compared by a test.

import { koineYamlSchema } from "../cli/project/project-schema.ts";
import { checkShape, lowerShape, outputShape, statusShape } from "../cli/render/json-shapes.ts";
import { reportFormat } from "../cli/report/report.ts";
import { reportShape } from "../cli/report/report-shape.ts";
import { planFileFormat } from "../engine/plan/plan-file.ts";
import { describePlanFileShape } from "../engine/plan/plan-file-schema.ts";
import { type Shape, toJsonSchema } from "../engine/state/data-shape.ts";
import { snapshotVersion } from "../engine/state/snapshot.ts";
import { describeSnapshotSchema } from "../engine/state/snapshot-schema.ts";

/** File name below docs/schemas to its text. */
export function makeSchemas(): ReadonlyMap<string, string> {
  const schemas = {
    "state.schema.json": describeId("state", snapshotVersion, "A state of Koine", describeSnapshotSchema(snapshotVersion)),
    "plan.schema.json": describeFormat("plan", planFileFormat, "A plan file of Koine", describePlanFileShape(planFileFormat)),
    "report.schema.json": describeFormat("report", reportFormat, "A report of a plan of Koine", reportShape),
    "check.schema.json": describeFormat("check", 1, "Diagnostics of Koine", checkShape),
    "lower.schema.json": describeFormat("lower", 1, "The native objects of a stack", lowerShape),
    "status.schema.json": describeFormat("status", 1, "The state of a stack, in short", statusShape),
    "output.schema.json": describeFormat("output", 1, "The outputs of a stack", outputShape),
    "koine.schema.json": describeId("koine", 1, "koine.yaml", koineYamlSchema),
  };
  return new Map(Object.entries(schemas).map(([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`]));
}

function describeFormat(name: string, version: number, title: string, shape: Shape): object {
  return describeId(name, version, title, toJsonSchema(shape));
}

/** The id names the format's version, not Koine's: a reader may keep the schema it was written for. */
function describeId(name: string, version: number, title: string, schema: object): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://koine.dev/schemas/v${version}/${name}.schema.json`,
    title,
    ...schema,
  };
}
