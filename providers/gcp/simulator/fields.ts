// Partial responses: the fields that a caller asks for. https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses#partial

import { refuseValue } from "./errors.ts";

type Tree = Map<string, Tree | undefined>;

/** `items(name,labels),nextPageToken` and `items/name`, `*` for every key; whole below a leaf. Throws `invalid`. */
export function pickFields(answer: object, fields: string | undefined): object {
  if (fields === undefined || fields === "" || fields === "*") return answer;
  const state = { at: 0 };
  const tree = readTree(fields, state);
  if (state.at !== fields.length) refuseValue("fields", fields, "Invalid field selection.");
  return pick(answer, tree) as object;
}

function readTree(text: string, state: { at: number }): Tree {
  const tree: Tree = new Map();
  for (;;) {
    addPath(tree, text, state);
    if (text[state.at] !== ",") return tree;
    state.at += 1;
  }
}

function addPath(tree: Tree, text: string, state: { at: number }): void {
  const name = /^[\w*.-]+/.exec(text.slice(state.at))?.[0];
  if (name === undefined) refuseValue("fields", text, "Invalid field selection.");
  state.at += name.length;
  const next = text[state.at];
  if (next !== "/" && next !== "(") {
    tree.set(name, undefined);
    return;
  }
  const below = tree.get(name) ?? new Map();
  tree.set(name, below);
  state.at += 1;
  if (next === "/") {
    addPath(below, text, state);
    return;
  }
  for (const [key, value] of readTree(text, state)) below.set(key, value);
  if (text[state.at] !== ")") refuseValue("fields", text, "Invalid field selection.");
  state.at += 1;
}

function pick(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => pick(item, tree));
  if (value === null || typeof value !== "object") return value;
  const picked: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = tree.has(key) ? key : "*";
    if (!tree.has(name)) continue;
    const below = tree.get(name);
    picked[key] = below === undefined ? item : pick(item, below);
  }
  return picked;
}
