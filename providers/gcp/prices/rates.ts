// Prices of Compute Engine beyond the rates of machines: disks and external addresses. Each with its source and date; what no source was found for does not
// stand here.

/** Of the machine and disk prices outside us-central1: Google's list as recorded by google-cloud-pricing-cost-calculator. */
export const elsewhereDate = "2024-11-07";

/** The part of a processor that shared-core types are charged for. https://cloud.google.com/compute/docs/general-purpose-machines#e2-shared-core */
export const sharedCores: Readonly<Record<string, number>> = { "e2-micro": 0.25, "e2-small": 0.5, "e2-medium": 1 };

/**
 * USD an hour while it is used by a machine or a NAT gateway, in all regions. https://cloud.google.com/vpc/network-pricing#ipaddress and
 * https://cloud.google.com/nat/pricing, read 2026-10-16.
 */
export const addressHour = 0.005;

/**
 * USD per GiB-month by region, then type. https://cloud.google.com/compute/disks-image-pricing, as recorded on `elsewhereDate`; pd-standard of the cheapest
 * regions read again on that page in 2026 (200 GB for $8.00).
 */
export const diskRates: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "africa-south1": { "pd-balanced": 0.1308, "pd-standard": 0.05232 },
  "asia-east1": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "asia-east2": { "pd-balanced": 0.11, "pd-standard": 0.0498 },
  "asia-northeast1": { "pd-balanced": 0.13, "pd-standard": 0.052 },
  "asia-northeast2": { "pd-balanced": 0.13, "pd-standard": 0.052 },
  "asia-northeast3": { "pd-balanced": 0.13, "pd-standard": 0.052 },
  "asia-south1": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "asia-south2": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "asia-southeast1": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "asia-southeast2": { "pd-balanced": 0.13, "pd-standard": 0.052 },
  "australia-southeast1": { "pd-balanced": 0.135, "pd-standard": 0.054 },
  "australia-southeast2": { "pd-balanced": 0.135, "pd-standard": 0.054 },
  "europe-central2": { "pd-balanced": 0.13, "pd-standard": 0.048 },
  "europe-north1": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "europe-southwest1": { "pd-balanced": 0.12, "pd-standard": 0.0472 },
  "europe-west1": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "europe-west10": { "pd-balanced": 0.154, "pd-standard": 0.0616 },
  "europe-west12": { "pd-balanced": 0.12, "pd-standard": 0.0516 },
  "europe-west2": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "europe-west3": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "europe-west4": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "europe-west6": { "pd-balanced": 0.13, "pd-standard": 0.052 },
  "europe-west8": { "pd-balanced": 0.116, "pd-standard": 0.0464 },
  "europe-west9": { "pd-balanced": 0.116, "pd-standard": 0.0464 },
  "me-central1": { "pd-balanced": 0.1215, "pd-standard": 0.0486 },
  "me-central2": { "pd-balanced": 0.16, "pd-standard": 0.064 },
  "me-west1": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "northamerica-northeast1": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "northamerica-northeast2": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "southamerica-east1": { "pd-balanced": 0.15, "pd-standard": 0.06 },
  "southamerica-west1": { "pd-balanced": 0.143, "pd-standard": 0.0572 },
  "us-central1": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "us-east1": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "us-east4": { "pd-balanced": 0.11, "pd-standard": 0.044 },
  "us-east5": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "us-south1": { "pd-balanced": 0.12, "pd-standard": 0.0472 },
  "us-west1": { "pd-balanced": 0.1, "pd-standard": 0.04 },
  "us-west2": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "us-west3": { "pd-balanced": 0.12, "pd-standard": 0.048 },
  "us-west4": { "pd-balanced": 0.11, "pd-standard": 0.044 },
};
