// Made by scripts/generate-catalog.ts from images.yaml; do not edit.
import type { CatalogImage } from "./catalog-image.ts";

export const imageRows: Readonly<Record<string, CatalogImage>> = {
  "amazon-linux-2023": { alias: "amazon-linux-2023", owner: "137112412989", name: "al2023-ami-2023.*-kernel-6.1-{arch}", arch: {"x86_64":"x86_64","arm64":"arm64"}, user: "ec2-user", rootDevice: "/dev/xvda", rootGib: 8, cloudInit: true },
  "debian-12": { alias: "debian-12", owner: "136693071363", name: "debian-12-{arch}-*", arch: {"x86_64":"amd64","arm64":"arm64"}, user: "admin", rootDevice: "/dev/xvda", rootGib: 8, cloudInit: true },
  "debian-13": { alias: "debian-13", owner: "136693071363", name: "debian-13-{arch}-*", arch: {"x86_64":"amd64","arm64":"arm64"}, user: "admin", rootDevice: "/dev/xvda", rootGib: 8, cloudInit: true },
  "rocky-9": { alias: "rocky-9", owner: "792107900819", name: "Rocky-9-EC2-Base-9.*.{arch}", arch: {"x86_64":"x86_64","arm64":"aarch64"}, user: "rocky", rootDevice: "/dev/sda1", rootGib: 10, cloudInit: true },
  "ubuntu-22.04": { alias: "ubuntu-22.04", owner: "099720109477", name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-{arch}-server-*", arch: {"x86_64":"amd64","arm64":"arm64"}, user: "ubuntu", rootDevice: "/dev/sda1", rootGib: 8, cloudInit: true },
  "ubuntu-24.04": { alias: "ubuntu-24.04", owner: "099720109477", name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-server-*", arch: {"x86_64":"amd64","arm64":"arm64"}, user: "ubuntu", rootDevice: "/dev/sda1", rootGib: 8, cloudInit: true },
};
