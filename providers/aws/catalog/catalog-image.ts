// What the catalog says of one image alias. Data only.

export interface CatalogImage {
  readonly alias: string;
  /** Account that publishes it. */
  readonly owner: string;
  /** Filter on the image's name; `{arch}` is replaced by the publisher's word. */
  readonly name: string;
  /** The publisher's word by Koine's: `{ x86_64: "amd64" }`. */
  readonly arch: Readonly<Record<string, string>>;
  /** Who logs in. */
  readonly user: string;
  readonly rootDevice: string;
  /** Smallest root volume that it fits on. */
  readonly rootGib: number;
  readonly cloudInit: boolean;
}
