// What the catalog says of one image alias. Data only.

export interface CatalogImage {
  readonly alias: string;
  /** Project that publishes it. */
  readonly project: string;
  /** The image family by Koine's word for the architecture. */
  readonly family: Readonly<Record<string, string>>;
  /** Who logs in. */
  readonly user: string;
  /** Smallest root disk that it fits on. */
  readonly rootGib: number;
  readonly cloudInit: boolean;
  readonly secureBoot: boolean;
}
