// What a machine is given for its first boot: the author's user data or cloud-init configuration, with the host name and further keys that Koine adds.
// As text: base64 is a matter of the wire, and of the handler. Pure.

import { stringify } from "yaml";
import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { makeDeferred } from "../../../grammar/graph/make-value.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import {
  type Deferred,
  isDeferred,
  isRef,
  isSecret,
  type Origin,
  type PropMap,
  type PropValue,
  tag,
  tagOf,
  type Value,
} from "../../../grammar/graph/value.ts";
import { string } from "../../../grammar/types/type.ts";
import { problem } from "./lowering-problems.ts";

/** Bytes before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const limit = 16 * 1024;

export interface UserData {
  /** Absent: none is given. */
  readonly value?: NativeValue;
  readonly diagnostics: readonly Diagnostic[];
}

/** A text, known or not, with the taint of the secrets in it. */
interface Text {
  readonly text: string | Deferred;
  readonly secret: boolean;
}

/** `keys`: all public keys of the machine; the first is its key pair, the others come through cloud-init. */
export function lowerUserData(resource: PortableResource, keys: readonly PropValue[], context: LoweringContext): UserData {
  const { cloud_init: config, user_data: given, hostname } = resource.props;
  const additions: Record<string, PropValue> = {
    ...(hostname === undefined ? {} : { hostname, preserve_hostname: false }),
    ...(keys.length < 2 ? {} : { ssh_authorized_keys: keys.slice(1) }),
  };
  const hasAdditions = Object.keys(additions).length > 0;
  const diagnostics: Diagnostic[] = [];

  let text: Text | undefined;
  if (config !== undefined && isPlainMap(config)) {
    if (hostname !== undefined && config.hostname !== undefined && config.hostname !== hostname) {
      diagnostics.push(
        problem(
          "K3022",
          context.place("hostname"),
          `\`${resource.address}\` has two host names: \`hostname\` and \`hostname\` in \`cloud_init\``,
          {
            related: [{ span: context.place("cloud_init"), message: "the other one is here" }],
            hint: "drop one of them",
          },
        ),
      );
    }
    text = renderConfig(mergeConfig(config, additions), context.graph);
  } else {
    const base = config === undefined ? given : config;
    const own = base === undefined ? undefined : config === undefined ? readText(base) : renderConfig(base, context.graph);
    const added = hasAdditions ? renderConfig(additions, context.graph) : undefined;
    text = own && added ? joinParts(added, own) : (own ?? added);
  }
  if (!text) return { diagnostics };

  if (typeof text.text !== "string") {
    const value = context.native(text.text);
    return { value: text.secret ? { [tag]: "secret", value } : value, diagnostics };
  }
  const size = countBytes(text.text);
  if (size > limit) {
    const place = context.place(config === undefined ? "user_data" : "cloud_init");
    diagnostics.push(
      problem("K3023", place, `the user data of \`${resource.address}\` has ${size} bytes, EC2 takes ${limit}`, {
        hint: "let the machine fetch what is long, from a bucket for example",
      }),
    );
  }
  return { value: text.secret ? { [tag]: "secret", value: text.text } : text.text, diagnostics };
}

/** The length in UTF-8; text of ASCII alone, the usual, goes the short way. */
function countBytes(text: string): number {
  return /^\p{ASCII}*$/u.test(text) ? text.length : new TextEncoder().encode(text).length;
}

function isPlainMap(value: PropValue): value is PropMap {
  return typeof value === "object" && !Array.isArray(value) && tagOf(value) === undefined;
}

/** The author's entries first; keys are added to those the author lists. */
function mergeConfig(config: PropMap, additions: PropMap): PropMap {
  const own = config.ssh_authorized_keys;
  const added = additions.ssh_authorized_keys;
  const keys = Array.isArray(own) && Array.isArray(added) ? { ssh_authorized_keys: [...own, ...added] } : {};
  return { ...config, ...additions, ...keys };
}

function readText(value: PropValue): Text {
  if (isSecret(value)) return { ...readText(value.value), secret: true };
  return { text: isDeferred(value) ? value : String(value), secret: false };
}

const rendered = new WeakMap<ResourceGraph, Map<string, string>>();

/** `#cloud-config` and the map as YAML. PyYAML reads 1.1, so what that would take for something else is quoted. */
function renderConfig(config: PropValue, graph: ResourceGraph): Text {
  const found = { origins: [] as Origin[], secret: false };
  const value = toValue(config, found);
  if (found.origins.length > 0) {
    const yaml = makeDeferred(string, found.origins, { op: "call", name: "yaml", arguments: [value] });
    return { text: concat(["#cloud-config\n", yaml]), secret: found.secret };
  }
  const plain = toPlain(value);
  const cache = rendered.get(graph) ?? new Map<string, string>();
  rendered.set(graph, cache);
  const key = JSON.stringify(plain);
  const known = cache.get(key) ?? `#cloud-config\n${stringify(plain, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 })}`;
  cache.set(key, known);
  return { text: known, secret: found.secret };
}

/**
 * Two parts for cloud-init: configuration that Koine adds, then what the author wrote, whose kind cloud-init tells by its first line.
 * https://docs.cloud-init.io/en/latest/explanation/format.html#mime-multi-part-archive
 */
function joinParts(config: Text, own: Text): Text {
  const boundary = "koine-part-2f9d1c";
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n`;
  const open = (type: string): string =>
    `--${boundary}\nContent-Type: ${type}; charset="utf-8"\nContent-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n\n`;
  const text = concat([`${head}${open("text/cloud-config")}`, config.text, `\n${open("text/plain")}`, own.text, `\n--${boundary}--\n`]);
  return { text, secret: config.secret || own.secret };
}

function concat(parts: readonly (string | Deferred)[]): string | Deferred {
  const origins = parts.flatMap((part) => (typeof part === "string" ? [] : part.origins));
  return origins.length === 0 ? parts.join("") : makeDeferred(string, origins, { op: "call", name: "#concat", arguments: parts });
}

/** A prop as a value of the evaluator; what is deferred or secret in it is noted, and secrets lose their tag: the whole text has it. */
function toValue(value: PropValue, found: { readonly origins: Origin[]; secret: boolean }): Value {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: PropValue) => toValue(item, found));
  if (isSecret(value)) {
    found.secret = true;
    return toValue(value.value, found);
  }
  if (isDeferred(value)) {
    found.origins.push(...value.origins);
    return value;
  }
  if (isRef(value)) {
    const origin = { address: value.address, path: ["id"] };
    found.origins.push(origin);
    return makeDeferred(string, [origin], { op: "attribute", origin });
  }
  return new Map(Object.entries(value as PropMap).map(([name, item]) => [name, toValue(item, found)]));
}

function toPlain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  return value instanceof Map ? Object.fromEntries([...value].map(([name, item]) => [name, toPlain(item)])) : value;
}
