// Ownership marks on Compute Engine: labels where the creating request takes labels, else one line in the description. What an instance brings along
// (its disks) carries `koine-child-…` labels instead, so that no sweep for objects can ever take a child for an object.

import type { NativeMap } from "../../engine/lower/native-value.ts";
import type { Marks } from "../../engine/provider/provider.ts";
import { fitText, hashText } from "../handlers/fit-text.ts";

/** Labels: keys and values of up to 63 small letters, digits, `_` and `-`. https://cloud.google.com/compute/docs/labeling-resources#requirements */
export const markLabels = {
  lineage: "koine-lineage",
  object: "koine-object",
  operation: "koine-operation",
  address: "koine-address",
} as const satisfies Record<keyof Marks, string>;

/** Of a child: the lineage it belongs to, the mark of the object it is part of, and the device it was made for. */
export const childLabels = { lineage: "koine-child-lineage", object: "koine-child-of", device: "koine-child-device" } as const;

const longestLabel = 63;
/** Descriptions hold 2,048 characters; the marks before the address take less than 200. */
const longestAddress = 1_024;

type Labels = Readonly<Record<string, string>>;

/** What is under `koine-` is the engine's and what is under `goog-` the cloud's; neither can be a label of the user. */
export function isReservedLabel(key: string): boolean {
  return key.startsWith("koine-") || key.startsWith("goog-");
}

export function writeMarkLabels(marks: Marks | undefined): Labels {
  if (marks === undefined) return {};
  return {
    [markLabels.address]: toLabelValue(marks.address),
    [markLabels.lineage]: marks.lineage,
    [markLabels.object]: marks.object,
    [markLabels.operation]: marks.operation,
  };
}

/** The labels of a disk that comes along with an instance. */
export function writeChildLabels(marks: Marks | undefined, device: string): Labels {
  if (marks === undefined) return {};
  return { [childLabels.object]: marks.object, [childLabels.lineage]: marks.lineage, [childLabels.device]: toLabelValue(device) };
}

export function writeUserLabels(labels: NativeMap): Labels {
  return Object.fromEntries(
    Object.keys(labels)
      .sort()
      .map((key) => [key, String(labels[key])]),
  );
}

/** Takes an object's labels apart: what the user wrote, and the marks as far as they are there. */
export function readLabels(labels: Labels | null | undefined): { readonly user: NativeMap; readonly marks: Partial<Marks> } {
  const all = labels ?? {};
  const user = Object.fromEntries(Object.entries(all).filter(([key]) => !isReservedLabel(key)));
  const marks: Partial<Record<keyof Marks, string>> = {};
  for (const [name, key] of Object.entries(markLabels) as [keyof Marks, string][]) {
    const value = all[key];
    if (value !== undefined) marks[name] = value;
  }
  return { user, marks };
}

/** `koine lineage=… object=… operation=… address=…`: the description of an object that takes no labels when it is made. */
export function describeMarks(marks: Marks | undefined): string {
  if (marks === undefined) return "";
  const { lineage, object, operation, address } = marks;
  const flat = address.replace(/\s+/g, " ");
  return `koine lineage=${lineage} object=${object} operation=${operation} address=${fitText(flat, longestAddress)}`;
}

/** The marks of a description that `describeMarks` wrote; none of any other. */
export function readDescription(description: string | null | undefined): Partial<Marks> {
  const match = /^koine lineage=(\S+) object=(\S+) operation=(\S+) address=(.*)$/.exec(description ?? "");
  if (match === null) return {};
  const [, lineage = "", object = "", operation = "", address = ""] = match;
  return { lineage, object, operation, address };
}

/** A value that labels allow: itself where it is one, else readable and with a hash at the end, so that two never look alike. */
export function toLabelValue(text: string): string {
  if (/^[a-z0-9_-]{0,63}$/.test(text)) return text;
  const hash = hashText(text).slice(0, 8);
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${word.slice(0, longestLabel - 9)}-${hash}`;
}
