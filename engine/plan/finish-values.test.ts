import { describe, expect, test } from "vitest";
import { makeAddress, makeDeferred, makeSecret } from "../../grammar/graph/make-value.ts";
import { type Deferred, type Origin, tag, type Value } from "../../grammar/graph/value.ts";
import { cidr, ip, string, type Type } from "../../grammar/types/type.ts";
import { type NativeDeferred, type NativeValue, nativeRef } from "../lower/native-value.ts";
import { type FinishContext, finishPortable, finishProps, finishValue } from "./finish-values.ts";

const at = (address: string, ...path: readonly string[]): Origin => ({ address, path });
const read = (origin: Origin, type: Type = string): Deferred => makeDeferred(type, [origin], { op: "attribute", origin });
const call = (name: string, args: readonly Value[], origins: readonly Origin[], type: Type = string): Deferred =>
  makeDeferred(type, origins, { op: "call", name, arguments: args });
const native = (value: Deferred, transform?: string): NativeDeferred => ({
  [tag]: "native-deferred",
  value,
  ...(transform ? { transform } : {}),
});

const web = at("machine.web", "public_ip");
const outputs = new Map<string, Readonly<Record<string, NativeValue>>>([
  ["machine.web", { public_ip: nativeRef("machine.web:box", "Ip"), "disk.data.id": nativeRef("machine.web:box", "DiskId"), name: "web" }],
  ["machine.next", { public_ip: native(read(web)) }],
]);

const contextOf = (known: Readonly<Record<string, NativeValue>>, parts: Partial<FinishContext> = {}): FinishContext => ({
  attribute: (object, attribute) => known[`${object}.${attribute}`],
  outputs,
  ...parts,
});
const known = contextOf({ "machine.web:box.Ip": "1.2.3.4", "machine.web:box.DiskId": "d-1" });
const nothing = contextOf({});

describe("finishing", () => {
  test("what holds no reference is given back as it is, not copied", () => {
    const value = { a: [1, { b: "x" }], c: null };
    expect(finishValue(value, known)).toEqual({ kind: "finished", value });
    expect((finishValue(value, known) as { value: unknown }).value).toBe(value);
    const props = { p: value };
    expect(finishProps(props, known).props).toBe(props);
  });

  test("references become attributes, at any depth", () => {
    const ref = nativeRef("machine.web:box", "Ip");
    expect(finishValue({ list: [ref, "x"], k: { in: ref } }, known)).toEqual({
      kind: "finished",
      value: { list: ["1.2.3.4", "x"], k: { in: "1.2.3.4" } },
    });
  });

  test("an attribute that the object does not have is null, and known", () => {
    expect(finishValue(nativeRef("v:o", "x"), contextOf({ "v:o.x": null }))).toEqual({ kind: "finished", value: null });
  });

  test("what is not known stays, and says what it waits for, once", () => {
    const ref = nativeRef("v:o", "id");
    expect(finishValue([ref, "x", ref], known)).toEqual({
      kind: "deferred",
      value: [ref, "x", ref],
      waitsFor: [{ object: "v:o", attribute: "id", text: "v:o.id" }],
    });
    expect([...finishProps({ a: ref, b: "x" }, known).waitsFor.keys()]).toEqual(["a"]);
  });

  test("a portable read is followed through outputs, and named as the author knows it", () => {
    expect(finishValue(native(read(web)), known)).toEqual({ kind: "finished", value: "1.2.3.4" });
    expect(finishValue(native(read(at("machine.next", "public_ip"))), known)).toEqual({ kind: "finished", value: "1.2.3.4" });
    expect(finishValue(native(read(at("machine.web", "disk", "data", "id"))), known)).toEqual({ kind: "finished", value: "d-1" });
    expect(finishValue(native(read(web)), nothing)).toMatchObject({
      kind: "deferred",
      waitsFor: [{ object: "machine.web:box", attribute: "Ip", text: "machine.web.public_ip" }],
    });
  });

  test("expressions are evaluated as the language does", () => {
    const text = call("#concat", ["http://", read(web), "/"], [web]);
    expect(finishValue(native(text), known)).toEqual({ kind: "finished", value: "http://1.2.3.4/" });
    expect(finishValue(native(text), nothing)).toMatchObject({ kind: "deferred", waitsFor: [{ text: "machine.web.public_ip" }] });
  });

  test("attributes come with the type under which they are read", () => {
    const inside = call("cidr_contains", [makeAddress("cidr", "1.0.0.0/8"), read(web, ip)], [web], { kind: "bool" });
    expect(finishValue(native(inside), known)).toEqual({ kind: "finished", value: true });
    expect(finishValue(native(read(web, cidr)), known)).toEqual({ kind: "finished", value: "1.2.3.4" });
  });

  test("an expression waits only for what it needs", () => {
    const other = at("machine.next", "public_ip");
    const either = call("#??", [read(at("machine.web", "name")), read(other)], [at("machine.web", "name"), other]);
    expect(finishValue(native(either), nothing)).toEqual({ kind: "finished", value: "web" });
  });

  test("a transform is applied last, under a secret to what is inside", () => {
    expect(finishValue(native(read(web), "base64"), known)).toEqual({ kind: "finished", value: "MS4yLjMuNA==" });
    expect(
      finishValue(
        native(read(web), "shout"),
        contextOf({ "machine.web:box.Ip": "a" }, { transforms: { shout: (value) => `${String(value)}!` } }),
      ),
    ).toEqual({ kind: "finished", value: "a!" });
    const hidden = contextOf({ "machine.web:box.Ip": { [tag]: "secret", value: "a" } });
    expect(finishValue(native(read(web), "base64"), hidden)).toEqual({ kind: "finished", value: { [tag]: "secret", value: "YQ==" } });
    expect(() => finishValue(native(read(web), "nonsense"), known)).toThrow("nonsense");
  });

  test("secrets stay secret, and do not nest", () => {
    const secret: NativeValue = { [tag]: "secret", value: native(call("#concat", [makeSecret("s-"), read(web)], [web])) };
    expect(finishValue(secret, known)).toEqual({ kind: "finished", value: { [tag]: "secret", value: "s-1.2.3.4" } });
    expect(finishValue(secret, nothing).kind).toBe("deferred");
  });

  test("a mistake of known values is told, and the value stays deferred", () => {
    const told: string[] = [];
    const list = call("#index", [new Map([["a", read(web)]]), "b"], [web]);
    const finished = finishValue(native(list), { ...known, onMistake: (message) => void told.push(message) });
    expect(finished).toMatchObject({ kind: "deferred", waitsFor: [{ text: "machine.web.public_ip" }] });
    expect(told).toHaveLength(1);
  });

  test("a portable value for an output", () => {
    expect(finishPortable(read(web), known)).toEqual({ value: "1.2.3.4", waitsFor: [] });
    expect(finishPortable(read(web), nothing)).toMatchObject({ waitsFor: [{ text: "machine.web.public_ip" }] });
  });

  test("an output that no lowering gives is a defect", () => {
    expect(() => finishValue(native(read(at("machine.web", "nonsense"))), known)).toThrow("machine.web.nonsense");
  });
});
