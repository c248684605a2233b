// What a machine is given for its first boot: the author's user data or cloud-init configuration, with what a cloud's lowering adds (host name, keys).
// As text: base64 is a matter of the wire, and of the handler. Pure.

import { stringify } from "yaml";
import type { NativeValue } from "../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import { makeDeferred } from "../../grammar/graph/make-value.ts";
import type { PortableResource, ResourceGraph } from "../../grammar/graph/resource-graph.ts";
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
} from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import { problem } from "./problems.ts";

export interface UserDataOptions {
  /** As in messages: "EC2". */
  readonly cloud: string;
  /** Bytes that the cloud takes, counted before base64. */
  readonly limit: number;
  /** What the lowering adds as cloud-init configuration; `ssh_authorized_keys` join those that the author lists. */
  readonly additions: PropMap;
}

export interface UserData {
  /** Absent: none is given. */
  readonly value?: NativeValue;
  readonly diagnostics: readonly Diagnostic[];
}

/** A text, known or not, with the taint of the secrets in it. */
export interface Text {
  readonly text: string | Deferred;
  readonly secret: boolean;
}

/** Configuration that lets cloud-init set the host name; nothing when none is asked for. */
export function hostnameConfig(hostname: PropValue | undefined): PropMap {
  return hostname === undefined ? {} : { hostname, preserve_hostname: false };
}

/** The text for an image that has cloud-init. */
export function composeUserData(resource: PortableResource, options: UserDataOptions, context: LoweringContext): UserData {
  const { cloud_init: config, user_data: given } = resource.props;
  const { additions } = options;
  let text: Text | undefined;
  if (config !== undefined && isPlainMap(config)) {
    text = renderConfig(mergeConfig(config, additions), context.graph);
  } else {
    const base = config === undefined ? given : config;
    const own = base === undefined ? undefined : config === undefined ? readText(base) : renderConfig(base, context.graph);
    const added = Object.keys(additions).length > 0 ? renderConfig(additions, context.graph) : undefined;
    text = own && added ? joinParts(added, own) : (own ?? added);
  }
  const diagnostics = checkHostNames(resource, context);
  if (!text) return { diagnostics };
  return { value: finishText(text, context), diagnostics: [...diagnostics, ...checkLength(text, resource, options, context)] };
}

/** Two different host names: `hostname`, and the one in `cloud_init`. */
export function checkHostNames(resource: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const { cloud_init: config, hostname } = resource.props;
  if (config === undefined || !isPlainMap(config) || hostname === undefined) return [];
  if (config.hostname === undefined || config.hostname === hostname) return [];
  return [
    problem(
      "K3022",
      context.place("hostname"),
      `\`${resource.address}\` has two host names: \`hostname\` and \`hostname\` in \`cloud_init\``,
      {
        related: [{ span: context.place("cloud_init"), message: "the other one is here" }],
        hint: "drop one of them",
      },
    ),
  ];
}

/** A text longer than the cloud takes; one that is not known yet is not judged. */
export function checkLength(
  { text }: Text,
  resource: PortableResource,
  { cloud, limit }: Pick<UserDataOptions, "cloud" | "limit">,
  context: LoweringContext,
): readonly Diagnostic[] {
  const size = typeof text === "string" ? countBytes(text) : 0;
  if (size <= limit) return [];
  const place = context.place(resource.props.cloud_init === undefined ? "user_data" : "cloud_init");
  return [
    problem("K3023", place, `the user data of \`${resource.address}\` has ${size} bytes, ${cloud} takes ${limit}`, {
      hint: "let the machine fetch what is long, from a bucket for example",
    }),
  ];
}

/** The text as a native value, a secret where a secret is in it. */
export function finishText({ text, secret }: Text, context: LoweringContext): NativeValue {
  const value = typeof text === "string" ? text : context.native(text);
  return secret ? ({ [tag]: "secret", value } as NativeValue) : value;
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

/** A prop as text. */
export function readText(value: PropValue): Text {
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
    return { text: concatTexts(["#cloud-config\n", yaml]), secret: found.secret };
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
  const text = concatTexts([
    `${head}${open("text/cloud-config")}`,
    config.text,
    `\n${open("text/plain")}`,
    own.text,
    `\n--${boundary}--\n`,
  ]);
  return { text, secret: config.secret || own.secret };
}

export function concatTexts(parts: readonly (string | Deferred)[]): string | Deferred {
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
