// Made by scripts/generate-catalog.ts from images.yaml; do not edit.
import type { CatalogImage } from "./catalog-image.ts";

export const imageRows: Readonly<Record<string, CatalogImage>> = {
  "debian-12": { alias: "debian-12", arch: { x86_64: {"publisher":"Debian","offer":"debian-12","sku":"12-gen2","nvme":true,"trustedLaunch":true}, arm64: {"publisher":"Debian","offer":"debian-12","sku":"12-arm64","nvme":true,"trustedLaunch":false} }, plan: false, user: "azureuser", rootGib: 30, cloudInit: true },
  "debian-13": { alias: "debian-13", arch: { x86_64: {"publisher":"Debian","offer":"debian-13","sku":"13-gen2","nvme":true,"trustedLaunch":true}, arm64: {"publisher":"Debian","offer":"debian-13","sku":"13-arm64","nvme":true,"trustedLaunch":false} }, plan: false, user: "azureuser", rootGib: 30, cloudInit: true },
  "rocky-9": { alias: "rocky-9", arch: { x86_64: {"publisher":"resf","offer":"rockylinux-x86_64","sku":"9-base","nvme":true,"trustedLaunch":true}, arm64: {"publisher":"resf","offer":"rockylinux-aarch64","sku":"rockylinux-aarch64-9","nvme":false,"trustedLaunch":false} }, plan: true, user: "azureuser", rootGib: 10, cloudInit: true },
  "ubuntu-22.04": { alias: "ubuntu-22.04", arch: { x86_64: {"publisher":"Canonical","offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts-gen2","nvme":true,"trustedLaunch":true}, arm64: {"publisher":"Canonical","offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts-arm64","nvme":true,"trustedLaunch":false} }, plan: false, user: "azureuser", rootGib: 30, cloudInit: true },
  "ubuntu-24.04": { alias: "ubuntu-24.04", arch: { x86_64: {"publisher":"Canonical","offer":"ubuntu-24_04-lts","sku":"server","nvme":true,"trustedLaunch":true}, arm64: {"publisher":"Canonical","offer":"ubuntu-24_04-lts","sku":"server-arm64","nvme":true,"trustedLaunch":false} }, plan: false, user: "azureuser", rootGib: 30, cloudInit: true },
};
