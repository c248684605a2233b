// Who may log in to a machine, and what it may do in the cloud: the first user, its keys, the managed identities. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { problem } from "../../lowering/problems.ts";
import { asList, followRef, written } from "../../lowering/read-props.ts";
import { keyOfNobody } from "./nobodys-key.ts";

/** "Disallowed values" of `adminUsername`. https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#osprofile */
const refusedUsers = new Set(
  (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david guest john owner root server sql " +
    "support support_388945a0 sys test2 test3 user4 user5"
  ).split(" "),
);

/** What the refinement `admin_user` says, or the name that the image suggests. */
export function lowerUser(
  resource: PortableResource,
  suggested: string,
  context: LoweringContext,
): { readonly name: string; readonly diagnostics: readonly Diagnostic[] } {
  const { admin_user: named } = resource.refinement;
  if (typeof named !== "string") return { name: suggested, diagnostics: [] };
  const flaw = refusedUsers.has(named.toLowerCase())
    ? "is one of the names that Azure refuses because everybody tries them"
    : /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(named)
      ? undefined
      : "is no name of a user: it begins with a letter and has up to 64 letters, digits, hyphens and underscores";
  if (flaw === undefined) return { name: named, diagnostics: [] };
  const refused = problem("K3076", context.place("on.azure.admin_user"), `\`${named}\` ${flaw}`, {
    hint: `take another, or leave \`admin_user\` out to have \`${suggested}\``,
  });
  return { name: named, diagnostics: [refused] };
}

/** The public keys, or the one that nobody has the private half of. */
export function lowerKeys(resource: PortableResource, context: LoweringContext): readonly NativeValue[] {
  const keys = asList(resource.props.key)
    .filter(isRef)
    .map((key) => context.native(followRef(key, context)?.props.public_key ?? ""));
  return keys.length === 0 ? [keyOfNobody(context.stack.name)] : keys;
}

const identityId =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;

/** User-assigned identities by their resource ids; absent where none is written. */
export function lowerIdentities(
  resource: PortableResource,
  context: LoweringContext,
): { readonly identities?: NativeValue; readonly diagnostics: readonly Diagnostic[] } {
  const { identities } = resource.refinement;
  const value = written(identities, context);
  if (value === undefined) return { diagnostics: [] };
  const diagnostics = asList(identities)
    .filter((id) => typeof id === "string" && !identityId.test(id))
    .map((id) =>
      problem("K3077", context.place("on.azure.identities"), `\`${String(id)}\` is no id of a user-assigned managed identity`, {
        hint: "write it as `az identity show --query id` tells it: /subscriptions/…/userAssignedIdentities/NAME",
      }),
    );
  return { identities: value, diagnostics };
}
