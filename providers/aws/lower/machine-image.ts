// The image of a machine: an alias of the catalog, pinned in koine.lock, or an AMI by its id. Pure.

import type { NativeValue } from "../../../engine/lower/native-value.ts";
import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import { suggest } from "../../../grammar/diagnostics/suggest.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { findImage, imageAliases, imageKey, imageQuery, isImageId } from "../catalog/images.ts";
import { problem, warning } from "./lowering-problems.ts";
import { regionOf } from "./zones.ts";

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
    const near = suggest(name, imageAliases());
    const message = image ? `the image \`${name}\` does not exist for ${arch} on EC2` : `EC2 has no image \`${name}\` that Koine knows`;
    const unknown = problem("K3030", place, message, {
      hint:
        near === undefined
          ? `known are ${imageAliases()
              .map((alias) => `"${alias}"`)
              .join(", ")}, or an AMI by its id`
          : `did you mean "${near}"?`,
      ...(near === undefined ? {} : { fix: { title: `write "${near}"`, span: place, replacement: `"${near}"` } }),
    });
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
