// What an address on the command line means: one resource, all instances of one, or all members of a component use. Pure.

/** `machine.web` means `machine.web[0]` too, and `cluster.db` means `cluster.db/machine.node[0]`. */
export function matchesAddress(address: string, wanted: string): boolean {
  if (!address.startsWith(wanted)) return false;
  const next = address.charAt(wanted.length);
  return next === "" || next === "[" || next === "/";
}
