// What images and snapshots have in common: global copies of something else, made under a name, of which nothing but the labels ever changes. It knows
// neither type; each brings its own requests.

import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { map, needText } from "../../handlers/body.ts";
import { ownId } from "../../handlers/request.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { pick } from "../../handlers/steps.ts";
import { defineHandler, type GceHandler } from "../handler.ts";
import { writeMarkLabels, writeUserLabels } from "../marks.ts";
import type { GceCall, Operation } from "../operations.ts";
import { type Location, linkOf, needLocation, pathOf } from "../paths.ts";
import { acknowledge, acknowledgeNew, requestIdOf } from "../request.ts";
import { createStep, deleteStep, labelSteps } from "../steps.ts";
import type { Collection, Named } from "../sweep.ts";
import { describeLabelled, orAbsent } from "./described.ts";
import { type LabelEdit, writeLabels } from "./label-requests.ts";
import { globallyNamed, globalPath, labelsProp, nameProp, pathProp } from "./schema-parts.ts";

interface CopyRow extends Named {
  readonly id?: unknown;
  readonly description?: string | null;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly labelFingerprint?: string | null;
  readonly status?: unknown;
}

/** What a creating request says of a copy; `source` is a link. */
export interface NewCopy {
  readonly name: string;
  readonly source: string;
  readonly labels: Record<string, string>;
}

export interface CopyType<Row extends CopyRow> {
  readonly type: string;
  /** As the user calls it: `image`. */
  readonly word: string;
  readonly collection: Collection<Row>;
  /** The prop that names what it is a copy of. */
  readonly source: { readonly prop: string; readonly doc: string; read(row: Row): string | null | undefined };
  /** Milliseconds until a creation is given up. */
  readonly patience: number;
  /** The statuses of a copy that is still being made. */
  readonly unfinished: readonly string[];
  insert(call: GceCall, requestId: string, copy: NewCopy): Promise<Operation>;
  setLabels(call: GceCall, at: Location, edit: LabelEdit): Promise<Operation>;
  remove(call: GceCall, at: Location, requestId: string): Promise<Operation>;
}

export function defineCopy<Row extends CopyRow>(copy: CopyType<Row>): GceHandler {
  const { collection, source, word } = copy;
  const schema: NativeSchema = {
    type: copy.type,
    version: 1,
    ...globallyNamed,
    dataBearing: true,
    props: { name: nameProp, [source.prop]: pathProp(source.doc, { required: true }), labels: labelsProp },
    timeouts: { create: copy.patience, update: minutes(10), delete: minutes(30) },
  };
  const insert = `${collection.name}.insert`;
  const setLabels = `${collection.name}.setLabels`;
  const remove = `${collection.name}.delete`;

  return defineHandler<Row>({
    schema,
    collection,
    marksIn: ["labels"],
    naturalPath: globalPath(collection.name),

    steps(change) {
      if (change.action === "delete") return [deleteStep(remove, {}, { impact: "data-loss" })];
      if (change.id === undefined) return [createStep(insert, pick(change.desired, Object.keys(schema.props)), "token")];
      return labelSteps(schema, change, setLabels);
    },

    requests: {
      async [insert](call, body) {
        const made = {
          name: needText(body, "name"),
          source: linkOf(needText(body, source.prop)),
          labels: { ...writeUserLabels(map(body, "labels")), ...writeMarkLabels(call.marks) },
        };
        return acknowledgeNew(insert, await copy.insert(call, requestIdOf(call), made));
      },
      [setLabels]: writeLabels(setLabels, collection, (call, at, edit) => copy.setLabels(call, at, edit)),
      [remove]: async (call) => acknowledge(remove, await copy.remove(call, needLocation(ownId(call)), requestIdOf(call))),
    },

    describe(row) {
      const from = source.read(row);
      const status = orAbsent(row.status) as string | undefined;
      return describeLabelled(
        row,
        { [source.prop]: from ? pathOf(from) : undefined },
        {},
        {
          status,
          broken: status === "FAILED" ? `Compute Engine reports that the ${word} failed` : undefined,
          dead: status === "DELETING" ? "going" : undefined,
        },
      );
    },
    settled(_step, row) {
      if (row.broken !== undefined) return { failed: row.broken, code: "unavailable", leaves: "object" };
      return row.status !== undefined && copy.unfinished.includes(row.status) ? { pending: row.status.toLowerCase() } : "ready";
    },
  });
}
