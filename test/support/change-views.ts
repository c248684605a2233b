// Changes as a plan shows them, to render and to group.

import type { ChangeView } from "../../cli/report/plan-view.ts";

/** Of the object of a key, `address:role`; every field may be said otherwise. */
export function makeChangeView(key: string, action: ChangeView["action"], more: Partial<ChangeView> = {}): ChangeView {
  return {
    key,
    address: key.slice(0, key.lastIndexOf(":")),
    role: key.slice(key.lastIndexOf(":") + 1),
    type: "memory.Thing",
    cloud: "here",
    provider: "memory",
    action,
    props: [],
    impact: "none",
    ...more,
  };
}
