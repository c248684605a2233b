// What a write may change of a machine that is there: its disks come and go, its first start does not come again.

import { keyOf } from "./arm-id.ts";
import { isAllocated } from "./disk.ts";
import { refuse } from "./errors.ts";
import { compact, flagAt, idAt, mapAt, mapsAt, numberAt, textAt } from "./json.ts";
import { digestCustomData } from "./machine-checks.ts";
import { type PlannedDisk, planDataDisks } from "./machine-disks.ts";
import { refuseParameter, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import type { Size } from "./sizes.ts";
import type { World } from "./world.ts";

/** Disks that the body does not list are taken off. A body without data disks leaves them alone only in a PATCH. */
export function changeStorage(request: WriteRequest, old: ResourceRow, size: Size): { storage: JsonMap; disks: readonly PlannedDisk[] } {
  const before = mapAt(old.properties, "storageProfile");
  const asked = mapAt(request.properties, "storageProfile");
  const listed = request.properties.storageProfile === undefined || asked.dataDisks === undefined ? undefined : mapsAt(asked, "dataDisks");
  const current = mapsAt(before, "dataDisks");
  const kept = (listed ?? current).filter((one) => flagAt(one, "toBeDetached") !== true);
  if (listed !== undefined) {
    const luns = new Map(current.map((one) => [numberAt(one, "lun"), idAt(one, "managedDisk")]));
    for (const one of kept) {
      const holder = luns.get(numberAt(one, "lun"));
      const id = idAt(one, "managedDisk");
      if (
        holder !== undefined &&
        id !== undefined &&
        keyOf(holder) !== keyOf(id) &&
        kept.some((other) => idAt(other, "managedDisk") === holder)
      )
        refuseParameter("dataDisk.lun", `A disk at LUN ${numberAt(one, "lun")} already exists.`);
    }
  }
  const disks = planDataDisks(request, kept, current, size);
  const osDisk = mapAt(asked, "osDisk");
  growOsDisk(request.world, old, osDisk);
  return {
    disks,
    storage: compact({
      ...before,
      osDisk: compact({
        ...mapAt(before, "osDisk"),
        caching: textAt(osDisk, "caching") ?? textAt(before, "osDisk", "caching"),
        deleteOption: textAt(osDisk, "deleteOption") ?? textAt(before, "osDisk", "deleteOption"),
      }),
      dataDisks: disks.map(({ entry }) => entry),
      diskControllerType: textAt(asked, "diskControllerType") ?? textAt(before, "diskControllerType"),
    }),
  };
}

function growOsDisk(world: World, old: ResourceRow, asked: JsonMap): void {
  const size = numberAt(asked, "diskSizeGB");
  const row = world.find(textAt(old.properties, "osDiskId") ?? "");
  const before = row === undefined ? undefined : numberAt(row.properties, "diskSizeGB");
  if (size === undefined || row === undefined || before === undefined || size === before) return;
  if (size < before)
    refuse(
      "OperationNotAllowed",
      `Disk size reduction is not supported. Current size is ${before * 1024 ** 3} bytes, requested size is ${size * 1024 ** 3} bytes.`,
      409,
    );
  if (isAllocated(old))
    refuse("OperationNotAllowed", `Cannot resize disk ${row.name} while it is attached to running VM ${old.armId}.`, 409);
  world.change(row, { properties: { ...row.properties, diskSizeGB: size } });
}

/** Throws PropertyChangeNotAllowed. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-property-change-not-allowed */
export function refuseChanges({ properties, body }: WriteRequest, old: ResourceRow): void {
  const deny = (property: string): never =>
    refuse("PropertyChangeNotAllowed", `Changing property '${property}' is not allowed.`, 409, { target: property });
  const asked = mapAt(properties, "osProfile");
  const before = mapAt(old.properties, "osProfile");
  for (const name of ["computerName", "adminUsername"])
    if (asked[name] !== undefined && asked[name] !== before[name]) deny(`osProfile.${name}`);
  const digest = digestCustomData(properties);
  if (digest !== undefined && digest !== old.properties.customDataDigest) deny("osProfile.customData");
  const keys = mapsAt(asked, "linuxConfiguration", "ssh", "publicKeys");
  if (keys.length > 0 && JSON.stringify(keys) !== JSON.stringify(mapsAt(before, "linuxConfiguration", "ssh", "publicKeys")))
    deny("linuxConfiguration.ssh.publicKeys");
  const image = mapAt(properties, "storageProfile", "imageReference");
  const theirs = mapAt(old.properties, "storageProfile", "imageReference");
  for (const name of ["publisher", "offer", "sku", "version", "id"])
    if (image[name] !== undefined && String(image[name]).toLowerCase() !== String(theirs[name]).toLowerCase()) deny("imageReference");
  const osDisk = mapAt(properties, "storageProfile", "osDisk");
  if (osDisk.name !== undefined && osDisk.name !== textAt(old.properties, "storageProfile", "osDisk", "name")) deny("osDisk.name");
  if (properties.priority !== undefined && properties.priority !== (old.properties.priority ?? "Regular")) deny("priority");
  if (body.plan !== undefined && JSON.stringify(body.plan) !== JSON.stringify(old.envelope.plan)) deny("plan");
  const security = textAt(properties, "securityProfile", "securityType");
  if (security !== undefined && security !== (textAt(old.properties, "securityProfile", "securityType") ?? "Standard"))
    deny("securityProfile.securityType");
}
