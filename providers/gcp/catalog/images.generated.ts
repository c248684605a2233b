// Made by scripts/generate-catalog.ts from images.yaml; do not edit.
import type { CatalogImage } from "./catalog-image.ts";

export const imageRows: Readonly<Record<string, CatalogImage>> = {
  "debian-12": {"alias":"debian-12","project":"debian-cloud","family":{"x86_64":"debian-12","arm64":"debian-12-arm64"},"user":"debian","rootGib":10,"cloudInit":false,"secureBoot":true},
  "debian-13": {"alias":"debian-13","project":"debian-cloud","family":{"x86_64":"debian-13","arm64":"debian-13-arm64"},"user":"debian","rootGib":10,"cloudInit":false,"secureBoot":true},
  "rocky-9": {"alias":"rocky-9","project":"rocky-linux-cloud","family":{"x86_64":"rocky-linux-9","arm64":"rocky-linux-9-arm64"},"user":"rocky","rootGib":20,"cloudInit":false,"secureBoot":true},
  "ubuntu-22.04": {"alias":"ubuntu-22.04","project":"ubuntu-os-cloud","family":{"x86_64":"ubuntu-2204-lts","arm64":"ubuntu-2204-lts-arm64"},"user":"ubuntu","rootGib":10,"cloudInit":true,"secureBoot":true},
  "ubuntu-24.04": {"alias":"ubuntu-24.04","project":"ubuntu-os-cloud","family":{"x86_64":"ubuntu-2404-lts-amd64","arm64":"ubuntu-2404-lts-arm64"},"user":"ubuntu","rootGib":10,"cloudInit":true,"secureBoot":true},
};
