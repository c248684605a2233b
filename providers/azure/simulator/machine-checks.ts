// What a machine's body must be before it is one: size, image, zone, operating system profile and keys. Refusals only; nothing is made here.

import { createHash } from "node:crypto";
import { refuse } from "./errors.ts";
import { compact, findMap, flagAt, idAt, mapAt, mapsAt, numberAt, textAt } from "./json.ts";
import { findPlatformImage } from "./platform-images.ts";
import { refuseParameter, type WriteRequest } from "./resource-type.ts";
import type { JsonMap } from "./rows.ts";
import { findSize, type Size } from "./sizes.ts";

/** What a machine starts from. */
export interface Source {
  readonly reference: JsonMap;
  readonly arch: "x64" | "Arm64" | undefined;
  readonly generation: "V1" | "V2";
  readonly diskSizeGB: number;
  readonly trustedLaunch: boolean;
  readonly generalized: boolean;
  readonly plan?: { readonly publisher: string; readonly name: string; readonly product: string };
}

export function requireSize(properties: JsonMap, location: string): Size {
  const name = textAt(properties, "hardwareProfile", "vmSize");
  if (name === undefined) return refuseParameter("vmSize", "Required parameter 'vmSize' is missing (null).");
  const size = findSize(name);
  if (size === undefined)
    return refuseParameter(
      "vmSize",
      `The value ${name} provided for the VM size is not valid. The valid sizes in the current region are: those of 'Microsoft.Compute/skus' in ${location}.`,
    );
  return size;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available */
export function refuseSku(size: string, location: string): never {
  refuse(
    "SkuNotAvailable",
    `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently not available in location '${location}'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.`,
    409,
  );
}

/** The image behind `imageReference`. Throws PlatformImageNotFound, or NotFound for an image of one's own. */
export function requireSource(request: WriteRequest, size: Size): Source {
  const { properties } = request;
  const reference = findMap(properties, "storageProfile", "imageReference");
  if (reference === undefined) return refuseParameter("imageReference", "Required parameter 'imageReference' is missing (null).");
  const id = idAt(properties, "storageProfile", "imageReference");
  const source = id === undefined ? requirePlatform(reference) : requireOwn(request, id);
  if (source.arch !== undefined && source.arch !== size.arch)
    refuse(
      "BadRequest",
      `Cannot create a VM of size '${size.name}' because this VM size only supports a CPU Architecture of '${size.arch}', but an image or disk with CPU Architecture '${source.arch}' was given. Please check that the CPU Architecture of the image or disk is compatible with that of the VM size.`,
    );
  if (!size.generations.includes(source.generation))
    refuse(
      "BadRequest",
      `The selected VM size '${size.name}' cannot boot Hypervisor Generation '${source.generation.slice(1)}'. If this was a Create operation please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM Size. If this was an Update operation please select a Hypervisor Generation '${source.generation.slice(1)}' VM Size. For more information, see https://aka.ms/azuregen2vm`,
    );
  checkPlan(request, source);
  checkSecurity(properties, source, size);
  return source;
}

function requirePlatform(reference: JsonMap): Source {
  const [publisher = "", offer = "", sku = "", version = ""] = ["publisher", "offer", "sku", "version"].map((name) =>
    textAt(reference, name),
  );
  for (const name of ["publisher", "offer", "sku", "version"])
    if (reference[name] === undefined) refuseParameter("imageReference", `Required parameter 'imageReference.${name}' is missing (null).`);
  const found = findPlatformImage({ publisher, offer, sku, version });
  if (found === undefined)
    return refuse(
      "PlatformImageNotFound",
      `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile`,
      404,
    );
  const { image } = found;
  return {
    reference: { publisher, offer, sku, version, exactVersion: found.version },
    arch: image.arch,
    generation: image.generation,
    diskSizeGB: image.diskSizeGB,
    trustedLaunch: image.trustedLaunch,
    generalized: true,
    ...(image.plan ? { plan: { publisher: image.publisher, name: image.sku, product: image.offer } } : {}),
  };
}

function requireOwn({ world, location }: WriteRequest, id: string): Source {
  const row = world.find(id);
  if (row === undefined || row.type !== "Microsoft.Compute/images" || row.state !== "Succeeded" || row.location !== location)
    return refuse("NotFound", `The Image '${id}' cannot be found in '${location}' region.`, 404);
  const osDisk = mapAt(row.properties, "storageProfile", "osDisk");
  const snapshot = world.find(idAt(osDisk, "snapshot") ?? idAt(osDisk, "managedDisk") ?? "");
  const arch = snapshot === undefined ? undefined : textAt(snapshot.properties, "supportedCapabilities", "architecture");
  return {
    reference: { id: row.armId },
    arch: arch === "x64" || arch === "Arm64" ? arch : undefined,
    generation: textAt(row.properties, "hyperVGeneration") === "V2" ? "V2" : "V1",
    diskSizeGB: numberAt(osDisk, "diskSizeGB") ?? 30,
    // https://learn.microsoft.com/azure/virtual-machines/trusted-launch#unsupported-features: managed images are not.
    trustedLaunch: false,
    generalized: textAt(osDisk, "osState") === "Generalized",
  };
}

/** https://learn.microsoft.com/azure/virtual-machines/linux/cli-ps-findimage#check-the-purchase-plan-information */
function checkPlan({ body, name }: WriteRequest, source: Source): void {
  const given = findMap(body, "plan");
  if (source.plan !== undefined && given === undefined)
    refuse(
      "VMMarketplaceInvalidInput",
      `Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires Plan information in the request. VM: '${name}'.`,
    );
  if (source.plan === undefined || given === undefined) return;
  for (const part of ["publisher", "name", "product"] as const)
    if (textAt(given, part)?.toLowerCase() !== source.plan[part].toLowerCase())
      refuse(
        "VMMarketplaceInvalidInput",
        `The plan of VM '${name}' is not that of its image: ${part} is '${textAt(given, part)}' and must be '${source.plan[part]}'.`,
      );
}

/** https://learn.microsoft.com/azure/virtual-machines/trusted-launch */
function checkSecurity(properties: JsonMap, source: Source, size: Size): void {
  if (textAt(properties, "securityProfile", "securityType") !== "TrustedLaunch") {
    if (
      findMap(properties, "securityProfile", "uefiSettings") !== undefined &&
      textAt(properties, "securityProfile", "securityType") === undefined
    )
      refuseParameter("securityProfile.uefiSettings", "UefiSettings are not supported without a securityType of TrustedLaunch.");
    return;
  }
  if (source.generation !== "V2" || !source.trustedLaunch)
    refuse(
      "BadRequest",
      "Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch Supported Gen2 OS Image. For more information, see https://aka.ms/TrustedLaunch-FAQ.",
    );
  if (!size.trustedLaunch)
    refuse(
      "BadRequest",
      `The VM size '${size.name}' is not supported for creation of VMs and Virtual Machine Scale Set with 'TrustedLaunch' security type.`,
    );
}

/** https://learn.microsoft.com/azure/virtual-machines/linux/faq#what-are-the-username-requirements-when-creating-a-vm- */
const FORBIDDEN_USERS = new Set(
  "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5".split(
    " ",
  ),
);

/** Base64 of the 65,535 bytes that are taken: https://learn.microsoft.com/azure/virtual-machines/custom-data */
const MOST_CUSTOM_DATA = 87_380;

/** What answers say of the operating system: no password, no custom data. */
export function readOsProfile(request: WriteRequest): JsonMap {
  const profile = findMap(request.properties, "osProfile");
  if (profile === undefined) return refuseParameter("osProfile", "Required parameter 'osProfile' is missing (null).");
  const { customData, adminPassword, ...shown } = profile;
  const user = textAt(profile, "adminUsername");
  const computer = textAt(profile, "computerName");
  if (user === undefined)
    return refuseParameter("osProfile.adminUsername", "Required parameter 'osProfile.adminUsername' is missing (null).");
  if (FORBIDDEN_USERS.has(user.toLowerCase()) || user.length > 64 || !/^[a-zA-Z_][\w-]*$/.test(user))
    refuseParameter("adminUsername", "The Admin Username specified is not allowed.");
  if (computer === undefined)
    return refuseParameter("osProfile.computerName", "Required parameter 'osProfile.computerName' is missing (null).");
  if (computer.length > 64 || !/^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(computer))
    refuseParameter(
      "computerName",
      `Linux host name cannot exceed 64 characters in length or contain the following characters: \` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : ' " , < > / ?. It is '${computer}'.`,
    );
  checkCustomData(customData);
  checkAccess(profile, user, typeof adminPassword === "string");
  return {
    ...shown,
    linuxConfiguration: compact({
      provisionVMAgent: true,
      patchSettings: { patchMode: "ImageDefault", assessmentMode: "ImageDefault" },
      enableVMAgentPlatformUpdates: false,
      ...mapAt(profile, "linuxConfiguration"),
    }),
    secrets: [],
    allowExtensionOperations: flagAt(profile, "allowExtensionOperations") ?? true,
    requireGuestProvisionSignal: flagAt(profile, "requireGuestProvisionSignal") ?? true,
  };
}

function checkCustomData(customData: unknown): void {
  if (customData === undefined) return;
  const text = String(customData);
  if (text.length > MOST_CUSTOM_DATA || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    refuseParameter(
      "customData",
      `Custom data in OS profile must be in Base64 encoding and with a maximum length of ${MOST_CUSTOM_DATA} characters.`,
    );
}

/** Without a password there must be a key, where Azure's agent puts it. */
function checkAccess(profile: JsonMap, user: string, password: boolean): void {
  const keys = mapsAt(profile, "linuxConfiguration", "ssh", "publicKeys");
  const closed = flagAt(profile, "linuxConfiguration", "disablePasswordAuthentication") === true;
  if (closed && password) refuseParameter("adminPassword", "A password must not be given while password authentication is disabled.");
  if (keys.length === 0 && (closed || !password))
    refuseParameter("linuxConfiguration", "Authentication using either SSH or by user name and password must be enabled in Linux profile.");
  for (const key of keys) {
    if (textAt(key, "path") !== `/home/${user}/.ssh/authorized_keys`)
      refuseParameter(
        "linuxConfiguration.ssh.publicKeys.path",
        `Destination path for SSH public keys is currently limited to its default value /home/${user}/.ssh/authorized_keys due to a known issue in Linux provisioning agent.`,
      );
    // https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys#supported-ssh-key-formats
    if (!/^ssh-(?:rsa|ed25519) [A-Za-z0-9+/]+={0,3}(?:\s|$)/.test(textAt(key, "keyData") ?? ""))
      refuseParameter(
        "linuxConfiguration.ssh.publicKeys.keyData",
        "The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.",
      );
  }
}

/** Custom data is never answered; only whether it changes is known. */
export function digestCustomData(properties: JsonMap): string | undefined {
  const data = textAt(properties, "osProfile", "customData");
  return data === undefined ? undefined : createHash("sha256").update(data).digest("hex");
}
