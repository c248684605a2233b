// Client tokens: the same token with the same parameters makes nothing new and answers what was made; with others it is a mistake.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html

import { digestCanonically } from "../../simulation/seeds.ts";
import { refuse } from "./errors.ts";
import type { World } from "./world.ts";

/**
 * The ids that this token made before, if it did. `remember` keeps what it makes now.
 * Throws IdempotentParameterMismatch, and InvalidParameterValue for more than 64 characters.
 */
export function findByToken(
  world: World,
  operation: string,
  token: string | undefined,
  input: object,
): { readonly ids?: readonly string[]; remember(ids: readonly string[]): void } {
  if (token === undefined || token === "") return { remember: () => {} };
  if (!/^[\x21-\x7e]{1,64}$/.test(token))
    refuse("InvalidParameterValue", `Value (${token}) for parameter clientToken is invalid. Up to 64 ASCII characters are allowed.`);
  const { ClientToken: _token, DryRun: _dry, ...parameters } = input as Record<string, unknown>;
  const digest = digestCanonically(parameters);
  const id = `${operation}/${token}`;
  const known = world.get("token", id);
  if (known !== undefined && world.now - known.createdAt < world.settings.tokenWindow) {
    if (known.digest !== digest) {
      refuse(
        "IdempotentParameterMismatch",
        `The client token you have provided is associated with a resource that is already created with other parameters: ${token}`,
      );
    }
    return { ids: known.ids, remember: () => {} };
  }
  return {
    remember: (ids) => {
      world.add("token", { id, digest, ids });
    },
  };
}
