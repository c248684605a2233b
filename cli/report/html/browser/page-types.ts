// The part of a browser that the page's script uses. Declared here and not taken from TypeScript's own library, which would make `document` and `window`
// known to every file of the project, the grammar and the engine included.

export interface PageElement {
  id: string;
  hidden: boolean;
  open: boolean;
  disabled: boolean;
  value: string;
  textContent: string;
  readonly dataset: Record<string, string | undefined>;
  readonly classList: { toggle(name: string, force?: boolean): boolean; contains(name: string): boolean; add(name: string): void };
  readonly style: { height: string; touchAction: string; setProperty(name: string, value: string): void };
  readonly clientWidth: number;
  readonly clientHeight: number;
  addEventListener(
    kind: string,
    listener: (event: PageEvent) => void,
    options?: { readonly passive?: boolean; readonly capture?: boolean },
  ): void;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  closest(selector: string): PageElement | null;
  contains(other: PageElement | null): boolean;
  focus(options?: { readonly preventScroll?: boolean }): void;
  blur(): void;
  select(): void;
  scrollIntoView(options?: { readonly block?: "start" | "nearest" | "center" }): void;
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  setPointerCapture(pointer: number): void;
  showModal(): void;
  close(): void;
}

/** Of every event what any of them carries; a listener reads what its kind has. */
export interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly deltaY: number;
  readonly button: number;
  readonly pointerId: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
  stopPropagation(): void;
}

export interface Page {
  readonly documentElement: PageElement;
  readonly activeElement: PageElement | null;
  getElementById(id: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  addEventListener(kind: string, listener: (event: PageEvent) => void): void;
}

export interface PageWindow {
  readonly innerWidth: number;
  readonly location: { hash: string };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  addEventListener(kind: string, listener: (event: PageEvent) => void): void;
  setTimeout(run: () => void, milliseconds: number): unknown;
}

/** The filter as the other parts of the script use it. */
export interface Filter {
  /** The changes that are shown, in order. */
  visible(): readonly PageElement[];
  clear(): void;
  /** Shows what matches this text alone, with this action on this cloud. */
  narrow(text: string, action: string, cloud: string): void;
  isActive(): boolean;
}

export interface GraphMover {
  /** Marks a resource's box; with `move` also brings it into the middle. */
  pick(address: string, move: boolean): void;
}

export interface CloudFolder {
  /** The middle of a resource's box in the drawing. */
  middleOf(node: PageElement): { readonly x: number; readonly y: number };
  unfold(node: PageElement): void;
}
