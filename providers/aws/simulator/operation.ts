// What an operation of the embedded EC2 is: its name, which of the model's parameters it honours, and what it does to the world.

import type { World } from "./world.ts";

export interface Operation {
  readonly mutating: boolean;
  /**
   * Member paths that are honoured, lists without index: `NetworkInterfaces.DeviceIndex`; a path stands for all below it. `DryRun` always is.
   * Others of the model are refused by name, those outside the model too.
   */
  readonly accepts: readonly string[];
  run(world: World, input: never): object;
}

/** Declares an operation that changes the world. Input and output are the vendor's own types. */
export function defineMutation<Input, Output extends object>(
  accepts: readonly (keyof Input | `${string}.${string}`)[],
  run: (world: World, input: Input) => Output,
): Operation {
  return { mutating: true, accepts: accepts as readonly string[], run };
}

/** Declares an operation that only looks. */
export function defineQuery<Input, Output extends object>(
  accepts: readonly (keyof Input | `${string}.${string}`)[],
  run: (world: World, input: Input) => Output,
): Operation {
  return { mutating: false, accepts: accepts as readonly string[], run };
}
