// How the generated protocol shapes are written down. Types only.

/** A scalar; `[T` is a list of T with items called `item` in answers, `<T` one with items called `member`; `{Name` is a structure. */
export type ShapeType = string;

/** [type], or [type, query name, XML name] where these differ from the member's name. */
export type ShapeMember = readonly [type: ShapeType] | readonly [type: ShapeType, query: string, xml: string];

export interface StructShape {
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, ShapeMember>>;
}

export interface ProtocolShapes {
  /** Input and output types by operation; an empty output is an operation that answers nothing but its request id. */
  readonly operations: Readonly<Record<string, readonly [input: ShapeType, output: ShapeType]>>;
  readonly structs: Readonly<Record<string, StructShape>>;
}
