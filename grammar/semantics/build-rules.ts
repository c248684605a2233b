// `allow` rules of one instance: ports and peers expanded, addresses as ranges.

import { makeDeferred } from "../graph/make-value.ts";
import type { PortablePeer, PortableRule } from "../graph/resource-graph.ts";
import { type AddressValue, isDeferred, type ResourceValue, tagOf, type Value } from "../graph/value.ts";
import type { Span } from "../source/span.ts";
import type { AllowRule, PortRange } from "../syntax/ast.ts";
import { cidr } from "../types/type.ts";
import { charge, type Evaluation, type Locals } from "./evaluation.ts";
import { poisoned } from "./halt.ts";
import { requireKnown, stopDeferred } from "./lift.ts";
import { applyOperation } from "./operations.ts";

export function buildRule(evaluation: Evaluation, rule: AllowRule, locals: Locals | undefined): PortableRule {
  const ports = rule.ports.flatMap((range) => readPorts(evaluation, range, locals));
  const peers = rule.peers.flatMap((peer) => {
    if (peer.kind === "any") return [{ kind: "any" } as const];
    return readPeers(evaluation, evaluation.evaluate(peer.expression, locals), peer.expression.span);
  });
  charge(evaluation, { items: ports.length + peers.length }, rule.span);
  return { protocol: rule.protocol, ports, direction: rule.direction, peers, span: rule.span };
}

function readPorts(
  evaluation: Evaluation,
  range: PortRange,
  locals: Locals | undefined,
): readonly { readonly from: number; readonly to: number }[] {
  const from = requireKnown(evaluation, evaluation.evaluate(range.from, locals), "a port", range.from.span);
  if (range.to) {
    const to = requireKnown(evaluation, evaluation.evaluate(range.to, locals), "a port", range.to.span);
    return [{ from: from as number, to: to as number }];
  }
  const ports = Array.isArray(from) ? (from as readonly number[]) : [from as number];
  return ports.map((port) => ({ from: port, to: port }));
}

function readPeers(evaluation: Evaluation, value: Value, span: Span): readonly PortablePeer[] {
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap((item) => readPeers(evaluation, item, span));
  if (value instanceof Map) return [...(value as ReadonlyMap<string, Value>).values()].flatMap((item) => readPeers(evaluation, item, span));
  if (isDeferred(value)) {
    if (value.type.kind === "cidr") return [{ kind: "deferred", value }];
    // An address becomes the range of itself alone, at apply as it does here.
    if (value.type.kind === "ip") {
      return [{ kind: "deferred", value: makeDeferred(cidr, value.origins, { op: "call", name: "#cidr", arguments: [value] }) }];
    }
    return stopDeferred(evaluation, [value], "how many peers there are", span);
  }
  switch (tagOf(value)) {
    case "resource": {
      const { address, kind } = value as ResourceValue;
      return [{ kind: "resource", address, resourceKind: kind }];
    }
    case "ip":
    case "cidr": {
      const range = applyOperation("#cidr", [value]);
      if ("value" in range) return [{ kind: "cidr", cidr: (range.value as AddressValue).text }];
      throw poisoned;
    }
    default:
      throw poisoned;
  }
}
