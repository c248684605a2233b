// The portable public address: permanent, for one machine at a time. Knows no cloud.

import { ip } from "../types/type.ts";
import { checkAddressUse } from "./checks/public-address.ts";
import type { KindSchema } from "./kind.ts";
import { tags } from "./shared-props.ts";

export const address: KindSchema = {
  name: "address",
  doc: "A public IPv4 address that stays the same while machines come and go. A machine takes it with `public = NAME`.",
  props: { tags },
  attributes: { ip: { type: ip, doc: "The address." } },
  checks: [checkAddressUse],
};
