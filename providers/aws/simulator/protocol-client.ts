// The other side of the protocol: an input in the SDK's names becomes a form. For requests that do not come over the wire.

import { SHAPES } from "./protocol.generated.ts";
import { API_VERSION } from "./protocol.ts";

export function encodeForm(operation: string, input: Readonly<Record<string, unknown>>): URLSearchParams {
  const shape = SHAPES.operations[operation];
  if (shape === undefined) throw new Error(`the embedded EC2 has no ${operation}`);
  const form = new URLSearchParams({ Action: operation, Version: API_VERSION });
  encodeMembers(shape[0], "", input, form);
  return form;
}

function encodeMembers(type: string, prefix: string, value: Readonly<Record<string, unknown>>, form: URLSearchParams): void {
  for (const [member, item] of Object.entries(value)) {
    const shape = SHAPES.structs[type.slice(1)]?.members[member];
    if (shape === undefined) throw new Error(`${type.slice(1)} has no member ${member}`);
    if (item !== undefined) encodeItem(shape[0], `${prefix}${shape[1] ?? member}`, item, form);
  }
}

function encodeItem(type: string, name: string, value: unknown, form: URLSearchParams): void {
  if (type.startsWith("["))
    for (const [n, item] of (value as readonly unknown[]).entries()) encodeItem(type.slice(1), `${name}.${n + 1}`, item, form);
  else if (type.startsWith("{")) encodeMembers(type, `${name}.`, value as Record<string, unknown>, form);
  else
    form.set(
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value instanceof Date ? value.toISOString() : String(value),
    );
}
