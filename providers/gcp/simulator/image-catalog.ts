// The public images: projects, families, and a few dated versions of each, of which all but the newest are deprecated, as the vendor does it.
// https://cloud.google.com/compute/docs/images/os-details. Dates are the simulator's own.

import { mix } from "../../simulation/seeds.ts";
import { writeLink } from "./links.ts";
import { EMPTY_FINGERPRINT } from "./names.ts";
import type { ImageResource } from "./resources.ts";

interface Line {
  readonly project: string;
  readonly family: string;
  /** With `@` for the date: `debian-12-bookworm-v@`. */
  readonly name: string;
  readonly sizeGb: number;
  readonly arm?: boolean;
  readonly description: string;
}

const line = (project: string, family: string, name: string, sizeGb: number, description: string): Line => ({
  project,
  family,
  name,
  sizeGb,
  description,
  ...(/arm64/.test(family) ? { arm: true } : {}),
});

const LINES: readonly Line[] = [
  line("ubuntu-os-cloud", "ubuntu-2404-lts-amd64", "ubuntu-2404-noble-amd64-v@", 10, "Canonical, Ubuntu, 24.04 LTS, amd64"),
  line("ubuntu-os-cloud", "ubuntu-2404-lts-arm64", "ubuntu-2404-noble-arm64-v@", 10, "Canonical, Ubuntu, 24.04 LTS, arm64"),
  line("ubuntu-os-cloud", "ubuntu-2204-lts", "ubuntu-2204-jammy-v@", 10, "Canonical, Ubuntu, 22.04 LTS, amd64"),
  line("ubuntu-os-cloud", "ubuntu-2204-lts-arm64", "ubuntu-2204-jammy-arm64-v@", 10, "Canonical, Ubuntu, 22.04 LTS, arm64"),
  line(
    "ubuntu-os-cloud",
    "ubuntu-minimal-2404-lts-amd64",
    "ubuntu-minimal-2404-noble-amd64-v@",
    10,
    "Canonical, Ubuntu, 24.04 LTS Minimal, amd64",
  ),
  line(
    "ubuntu-os-cloud",
    "ubuntu-minimal-2404-lts-arm64",
    "ubuntu-minimal-2404-noble-arm64-v@",
    10,
    "Canonical, Ubuntu, 24.04 LTS Minimal, arm64",
  ),
  line("ubuntu-os-cloud", "ubuntu-minimal-2204-lts", "ubuntu-minimal-2204-jammy-v@", 10, "Canonical, Ubuntu, 22.04 LTS Minimal, amd64"),
  line("debian-cloud", "debian-11", "debian-11-bullseye-v@", 10, "Debian, Debian GNU/Linux, 11 (bullseye), amd64"),
  line("debian-cloud", "debian-12", "debian-12-bookworm-v@", 10, "Debian, Debian GNU/Linux, 12 (bookworm), amd64"),
  line("debian-cloud", "debian-12-arm64", "debian-12-bookworm-arm64-v@", 10, "Debian, Debian GNU/Linux, 12 (bookworm), arm64"),
  line("debian-cloud", "debian-13", "debian-13-trixie-v@", 10, "Debian, Debian GNU/Linux, 13 (trixie), amd64"),
  line("debian-cloud", "debian-13-arm64", "debian-13-trixie-arm64-v@", 10, "Debian, Debian GNU/Linux, 13 (trixie), arm64"),
  ...["8", "9", "10"].flatMap((version) => [
    line("rocky-linux-cloud", `rocky-linux-${version}`, `rocky-linux-${version}-v@`, 20, `Rocky Linux, Rocky Linux, ${version}, x86_64`),
    line(
      "rocky-linux-cloud",
      `rocky-linux-${version}-arm64`,
      `rocky-linux-${version}-arm64-v@`,
      20,
      `Rocky Linux, Rocky Linux, ${version}, aarch64`,
    ),
    line(
      "rocky-linux-cloud",
      `rocky-linux-${version}-optimized-gcp`,
      `rocky-linux-${version}-optimized-gcp-v@`,
      20,
      `Rocky Linux, Rocky Linux, ${version} optimized for GCP, x86_64`,
    ),
    line(
      "rocky-linux-cloud",
      `rocky-linux-${version}-optimized-gcp-arm64`,
      `rocky-linux-${version}-optimized-gcp-arm64-v@`,
      20,
      `Rocky Linux, Rocky Linux, ${version} optimized for GCP, aarch64`,
    ),
  ]),
  ...["9", "10"].flatMap((version) => [
    line("rhel-cloud", `rhel-${version}`, `rhel-${version}-v@`, 20, `Red Hat, Red Hat Enterprise Linux, ${version}, x86_64`),
    line("rhel-cloud", `rhel-${version}-arm64`, `rhel-${version}-arm64-v@`, 20, `Red Hat, Red Hat Enterprise Linux, ${version}, aarch64`),
    line("centos-cloud", `centos-stream-${version}`, `centos-stream-${version}-v@`, 20, `CentOS, CentOS, Stream ${version}, x86_64`),
    line(
      "centos-cloud",
      `centos-stream-${version}-arm64`,
      `centos-stream-${version}-arm64-v@`,
      20,
      `CentOS, CentOS, Stream ${version}, aarch64`,
    ),
    line("almalinux-cloud", `almalinux-${version}`, `almalinux-${version}-v@`, 20, `AlmaLinux, AlmaLinux OS, ${version}, x86_64`),
    line(
      "almalinux-cloud",
      `almalinux-${version}-arm64`,
      `almalinux-${version}-arm64-v@`,
      20,
      `AlmaLinux, AlmaLinux OS, ${version}, aarch64`,
    ),
    line("oracle-linux-cloud", `oracle-linux-${version}`, `oracle-linux-${version}-v@`, 20, `Oracle, Oracle Linux, ${version}, x86_64`),
  ]),
  line("suse-cloud", "sles-15", "sles-15-sp7-v@-x86-64", 10, "SUSE, SUSE Linux Enterprise Server, 15 SP7, x86_64"),
  line("suse-cloud", "sles-15-arm64", "sles-15-sp7-v@-arm64", 10, "SUSE, SUSE Linux Enterprise Server, 15 SP7, aarch64"),
  line("opensuse-cloud", "opensuse-leap", "opensuse-leap-15-6-v@-x86-64", 10, "openSUSE, Leap, 15.6, x86_64"),
  line("opensuse-cloud", "opensuse-leap-arm64", "opensuse-leap-15-6-v@-arm64", 10, "openSUSE, Leap, 15.6, aarch64"),
  line("cos-cloud", "cos-stable", "cos-stable-@", 10, "Google, Container-Optimized OS, stable, x86_64"),
  line("cos-cloud", "cos-arm64-stable", "cos-arm64-stable-@", 10, "Google, Container-Optimized OS, stable, arm64"),
];

const DATES = ["20260414", "20260616", "20260811"];

/** https://cloud.google.com/compute/docs/images/create-custom#guest-os-features; every line here boots by UEFI. */
const FEATURES = ["UEFI_COMPATIBLE", "VIRTIO_SCSI_MULTIQUEUE", "GVNIC", "SEV_CAPABLE"].map((type) => ({ type }));

const pathOf = (project: string, name: string): string => `projects/${project}/global/images/${name}`;

function describe(one: Line, date: string): ImageResource {
  const name = one.name.replace("@", date);
  const newest = DATES[DATES.length - 1] ?? "";
  let sum = 11;
  for (const char of name) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0;
  return {
    kind: "compute#image",
    id: String(10n ** 18n + BigInt(mix(sum, one.sizeGb, 1)) * 10n ** 9n + BigInt(mix(sum, 2, 5))),
    creationTimestamp: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T06:27:11.000-07:00`,
    name,
    description: `${one.description} image built on ${date}`,
    family: one.family,
    status: "READY",
    sourceType: "RAW",
    rawDisk: { source: "", containerType: "TAR" },
    diskSizeGb: String(one.sizeGb),
    archiveSizeBytes: String(one.sizeGb * 70_000_000),
    architecture: one.arm === true ? "ARM64" : "X86_64",
    licenses: [writeLink(`projects/${one.project}/global/licenses/${one.family.replace(/-(amd64|arm64)$/, "")}`)],
    guestOsFeatures: FEATURES,
    storageLocations: ["us", "eu", "asia"],
    labelFingerprint: EMPTY_FINGERPRINT,
    enableConfidentialCompute: false,
    ...(date === newest
      ? {}
      : { deprecated: { state: "DEPRECATED", replacement: writeLink(pathOf(one.project, one.name.replace("@", newest))) } }),
    selfLink: writeLink(pathOf(one.project, name)),
  };
}

let all: ReadonlyMap<string, readonly ImageResource[]> | undefined;

/** The public images of a project; none for a project that publishes none. */
export function listPublicImages(project: string): readonly ImageResource[] {
  if (all === undefined) {
    const byProject = new Map<string, ImageResource[]>();
    for (const one of LINES) {
      const images = byProject.get(one.project) ?? [];
      images.push(...DATES.map((date) => describe(one, date)));
      byProject.set(one.project, images);
    }
    all = byProject;
  }
  return all.get(project) ?? [];
}
