// Image aliases on EC2, and what is known of an AMI that is named by its id. Pure; which AMI an alias stands for is asked of the cloud by pins.ts.

import type { CatalogImage } from "./catalog-image.ts";
import { imageRows } from "./images.generated.ts";

export function findImage(alias: string): CatalogImage | undefined {
  return Object.hasOwn(imageRows, alias) ? imageRows[alias] : undefined;
}

export function imageAliases(): readonly string[] {
  return Object.keys(imageRows);
}

/** `ami-0abc…`: taken as it is. */
export function isImageId(image: string): boolean {
  return /^ami-[0-9a-f]{8,17}$/.test(image);
}

/** What DescribeImages is asked; undefined when the alias has no image for the architecture. */
export function imageQuery(
  alias: string,
  arch: string,
): { readonly owner: string; readonly name: string; readonly arch: string } | undefined {
  const image = findImage(alias);
  const word = image?.arch[arch];
  return image && word !== undefined ? { owner: image.owner, name: image.name.replace("{arch}", word), arch } : undefined;
}
