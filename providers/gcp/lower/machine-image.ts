// The image of a machine: an alias of the catalog, pinned in koine.lock, an image by its path, or an image of the stack. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { originOfImage } from "../../../grammar/kinds/image-origin.ts";
import { imageKey, reportUnknownImage } from "../../lowering/images.ts";
import { followRef, regionOf } from "../../lowering/read-props.ts";
import type { CatalogImage } from "../catalog/catalog-image.ts";
import { findImage, imageAliases, isImagePath } from "../catalog/images.ts";

export interface MachineImage {
  readonly source: NativeValue;
  /** GiB that the root disk needs at least; 0 where that is not known. */
  readonly rootGib: number;
  readonly user: string;
  /** Of an image that the catalog does not know: what the author gives is for cloud-init. */
  readonly cloudInit: boolean;
  /** Whether its boot chain is known to be signed. */
  readonly secureBoot: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Who logs in where nothing says: the guest agent makes the account, whatever its name. */
const usualUser = "koine";

export function lowerImage(resource: PortableResource, context: LoweringContext): MachineImage {
  const { image: written, arch = "x86_64" } = resource.props;
  const own = followRef(written, context);
  if (own) {
    const origin = originOfImage(context.graph, own);
    const catalogued = origin?.written === undefined ? undefined : findImage(origin.written);
    // What was changed since may be unsigned, so verified boot is not asked for.
    return {
      ...describe(resource, context.native(written ?? ""), catalogued, 0, origin?.machine.refinement.ssh_user),
      secureBoot: false,
    };
  }
  const name = String(written ?? "");
  if (isImagePath(name)) return describe(resource, name, undefined, 0);

  const image = findImage(name);
  const family = image?.family[String(arch)];
  if (!image || family === undefined) {
    const known = { cloud: "Compute Engine", aliases: imageAliases(), otherwise: "an image by its path, projects/…/global/images/…" };
    const unknown = reportUnknownImage(name, String(arch), known, context.place("image"));
    return { ...describe(resource, "", image, 0), diagnostics: [unknown] };
  }
  const source = context.pin({
    kind: "image",
    key: imageKey(name, "global", String(arch)),
    parameters: { alias: name, region: regionOf(context), arch: String(arch), project: image.project, family },
  });
  return describe(resource, source, image, image.rootGib);
}

function describe(
  resource: PortableResource,
  source: NativeValue,
  image: CatalogImage | undefined,
  rootGib: number,
  userBefore?: unknown,
): MachineImage {
  return {
    source,
    rootGib,
    user: String(resource.refinement.ssh_user ?? userBefore ?? image?.user ?? usualUser),
    cloudInit: image?.cloudInit ?? true,
    // No statement of Google's covers Secure Boot on all arm64 series: those keep the cloud's own default.
    secureBoot: image?.secureBoot === true && resource.props.arch !== "arm64",
    diagnostics: [],
  };
}
