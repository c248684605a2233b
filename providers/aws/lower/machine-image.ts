// The image of a machine: an alias of the catalog, pinned in koine.lock, an AMI by its id, or an image of the stack. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { imageKey, reportUnknownImage } from "../../lowering/images.ts";
import { problem, warning } from "../../lowering/problems.ts";
import { followRef, regionOf } from "../../lowering/read-props.ts";
import { findImage, imageAliases, imageQuery, isImageId } from "../catalog/images.ts";
import { shapeOfImage } from "./own-image.ts";

export interface MachineImage {
  readonly id: NativeValue;
  readonly rootDevice: string;
  /** GiB that the root volume needs at least; 0 where that is not known. */
  readonly rootGib: number;
  readonly user: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What most images have that publishers make for EC2; the refinements `root_device` and `ssh_user` say otherwise. */
const usual = { rootDevice: "/dev/sda1", user: "ec2-user" };

export function lowerImage(resource: PortableResource, context: LoweringContext): MachineImage {
  const { image: written, arch = "x86_64" } = resource.props;
  const { root_device: rootDevice, ssh_user: user } = resource.refinement;
  const own = followRef(written, context);
  if (own) return lowerOwn(resource, own, context);
  const name = String(written ?? "");
  const place = context.place("image");

  if (isImageId(name)) {
    const unsure =
      rootDevice === undefined
        ? [
            warning("K3029", place, `the root device of \`${name}\` is not known; ${usual.rootDevice} is assumed`, {
              hint: `write \`on aws { root_device = "/dev/xvda" }\`, as \`RootDeviceName\` of the image says: a wrong name adds a disk instead of shaping the root`,
            }),
          ]
        : [];
    return {
      id: name,
      rootDevice: String(rootDevice ?? usual.rootDevice),
      rootGib: 0,
      user: String(user ?? usual.user),
      diagnostics: unsure,
    };
  }

  const image = findImage(name);
  const query = imageQuery(name, String(arch));
  if (!image || !query) {
    const otherwise = "an AMI by its id, `ami-` and 8 or 17 hexadecimal digits";
    const unknown = reportUnknownImage(name, String(arch), { cloud: "EC2", aliases: imageAliases(), otherwise }, place);
    return { id: "", rootDevice: usual.rootDevice, rootGib: 0, user: usual.user, diagnostics: [unknown] };
  }

  const region = regionOf(context);
  const key = imageKey(name, region, query.arch);
  const id = context.pin({
    kind: "image",
    key,
    parameters: { alias: name, region, arch: query.arch, owner: query.owner, name: query.name },
  });
  return {
    id,
    rootDevice: String(rootDevice ?? image.rootDevice),
    rootGib: image.rootGib,
    user: String(user ?? image.user),
    diagnostics: [],
  };
}

/** An image of this stack: its id by reference, the rest as it was registered. */
function lowerOwn(resource: PortableResource, image: PortableResource, context: LoweringContext): MachineImage {
  const { arch = "x86_64" } = resource.props;
  const { root_device: rootDevice, ssh_user: user } = resource.refinement;
  const shape = shapeOfImage(image, context.graph);
  const differs =
    shape.arch === arch
      ? []
      : [
          problem("K2413", context.place("image"), `\`${resource.address}\` is ${arch}, and \`${image.address}\` is ${shape.arch}`, {
            related: [{ span: image.places["on.aws.arch"] ?? image.span, message: `\`${image.address}\` is ${shape.arch}` }],
            hint: `write \`arch = "${shape.arch}"\`, or \`on aws { arch = "${arch}" }\` in the image if that is what it holds`,
          }),
        ];
  return {
    id: context.native(resource.props.image ?? ""),
    rootDevice: String(rootDevice ?? shape.rootDevice),
    rootGib: 0,
    user: String(user ?? shape.user ?? usual.user),
    diagnostics: differs,
  };
}
