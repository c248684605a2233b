// What the catalog says of one image alias. Data only.

export interface CatalogImage {
  readonly alias: string;
  /** By Koine's word for the architecture. */
  readonly arch: Readonly<Record<string, MarketplaceImage>>;
  /** Sold under a purchase plan named like its SKU. */
  readonly plan: boolean;
  /** The first user, who logs in. */
  readonly user: string;
  /** Size of the image's own disk in GiB: a root disk is no smaller. */
  readonly rootGib: number;
  readonly cloudInit: boolean;
}

export interface MarketplaceImage {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  /** Whether it starts from NVMe disks. */
  readonly nvme: boolean;
  readonly trustedLaunch: boolean;
}
