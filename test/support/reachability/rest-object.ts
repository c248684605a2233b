// An object of a simulated world whose interface is REST and JSON, as the oracles of Google Cloud and Azure read it: the vendor's own JSON and nothing
// of ours.

export interface RestObject {
  /** The vendor's collection or type: `instances`, `Microsoft.Compute/virtualMachines`. */
  readonly type: string;
  readonly id: string;
  /** What a GET would answer. */
  readonly resource: unknown;
  readonly living: boolean;
  /** A machine's power state, where a GET does not tell it. */
  readonly power?: string;
}

export interface Selected<T> {
  readonly id: string;
  readonly resource: T;
  readonly power?: string;
}

/** The living objects of a type, by the shape that the vendor documents for it. Every field is optional: an answer leaves out what is empty. */
export function select<T extends object>(objects: readonly RestObject[], type: string): readonly Selected<T>[] {
  const wanted = type.toLowerCase();
  return objects
    .filter((object) => object.living && object.type.toLowerCase() === wanted)
    .map(({ id, resource, power }) => ({ id, resource: resource as T, ...(power === undefined ? {} : { power }) }));
}
