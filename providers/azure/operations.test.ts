// The table of requests against the SDK's own sources, so that an update of a package is noticed here and not by a cloud.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Operation, operations } from "./operations.ts";

function sourceOf(service: string, collection: string): string {
  const entry = fileURLToPath(import.meta.resolve(`@azure/arm-${service}/api`));
  const file = join(dirname(entry), collection, "operations.js");
  if (!existsSync(file)) throw new Error(`${service} has no ${collection}`);
  return readFileSync(file, "utf8");
}

/** The part of the SDK's source that sends one operation. */
function senderOf(source: string, operation: string): string {
  const name = operation === "delete" ? "_\\$deleteSend" : `_${operation}Send`;
  const found = new RegExp(`export function ${name}\\([\\s\\S]*?\\n}`).exec(source);
  if (found === null) throw new Error(`the SDK has no ${operation}`);
  return found[0];
}

const withoutNames = (path: string): string => path.replaceAll(/\{[^}]+\}/g, "{}").toLowerCase();

describe("every request is the SDK's own", () => {
  // No installed package has it; its version is that of the vendor's reference.
  const { "subscriptions.get": _, ...listed } = operations;

  it.each(Object.entries(listed) as [string, Operation][])("%s", (name, { service, method, path, apiVersion }) => {
    const [collection = "", operation = ""] = name.split(".");
    const sender = senderOf(sourceOf(service, collection), operation);
    const [, template = ""] = /expandUrlTemplate\("([^"]+?)(\{\?[^"]*)?"/.exec(sender) ?? [];
    expect(withoutNames(template)).toBe(withoutNames(`/subscriptions/{s}${path}`));
    expect(sender).toMatch(new RegExp(`\\.${method.toLowerCase()}\\(`));
    expect(/"api%2Dversion": (?:context\.apiVersion \?\? )?"([^"]+)"/.exec(sender)?.[1]).toBe(apiVersion);
  });
});
