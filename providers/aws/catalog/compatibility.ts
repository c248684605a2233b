// Which instance types an instance can change between by stop, change, start, and which need a new instance. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resize-limitations.html

import { findInstanceType } from "./instance-types.ts";

/**
 * Same architecture, same disk interface, same presence of local disks: the machine boots again from its disks. A type that the catalog does not know is in
 * no class but its own.
 */
export function sameClass(from: string, to: string): boolean {
  if (from === to) return true;
  const before = findInstanceType(from);
  const after = findInstanceType(to);
  if (!before || !after) return false;
  return (
    before.arch === after.arch &&
    before.diskInterface === after.diskInterface &&
    before.localDisk === after.localDisk &&
    before.mac === after.mac
  );
}
