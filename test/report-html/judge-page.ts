// What is checked of any page, run inside the browser: names of controls, order of headings, contrast of what is read, and that nothing stands in it that a
// report's text could have made. Each function is sent to the page by its text and may use nothing outside itself.

interface Part {
  readonly tagName: string;
  readonly id: string;
  readonly lang: string;
  readonly className: string;
  readonly textContent: string;
  readonly outerHTML: string;
  readonly parentElement: Part | null;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly nodeValue: string | null }>;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { readonly width: number; readonly height: number };
}

declare const document: {
  readonly documentElement: Part;
  getElementById(id: string): Part | null;
  querySelectorAll(selector: string): ArrayLike<Part> & Iterable<Part>;
  getElementsByTagName(tag: string): ArrayLike<Part>;
};
declare const getComputedStyle: (part: Part) => Readonly<Record<"backgroundColor" | "color" | "fontSize" | "fontWeight", string>>;

/** Controls that a screen reader could not name, ids that stand twice, references to ids that are nowhere, headings that skip a level. */
export function findUnnamed(): readonly string[] {
  const faults: string[] = [];
  const all = [
    ...document.querySelectorAll("button, input, select, a, summary, dialog, section[aria-labelledby], [role=group], [role=button]"),
  ];
  for (const element of all) {
    const label = element.getAttribute("aria-labelledby");
    const named = label === null ? "" : (document.getElementById(label)?.textContent ?? "");
    const name = element.getAttribute("aria-label") ?? (named || element.textContent);
    if (name.trim() === "") faults.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  const ids = new Set<string>();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (ids.has(id)) faults.push(`twice: #${id}`);
    ids.add(id);
  }
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (document.getElementById(decodeURIComponent((link.getAttribute("href") ?? "").slice(1))) === null)
      faults.push(`leads nowhere: ${link.getAttribute("href")}`);
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const own = Number(heading.tagName.slice(1));
    if (own > level + 1) faults.push(`h${own} after h${level}: ${heading.textContent}`);
    level = own;
  }
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  if (document.documentElement.lang !== "en") faults.push("no language");
  return faults;
}

/** Visible text whose contrast is under 4.5, or 3 where it is large; WCAG 2.2, 1.4.3. */
export function findFaint(): readonly string[] {
  const parse = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([red = 0, green = 0, blue = 0]: readonly number[]): number => {
    const linear = (part: number): number => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const ground = (element: Part): readonly number[] => {
    for (let one: Part | null = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if ((color[3] ?? 1) === 1 && color.length > 0) return color;
    }
    return [255, 255, 255];
  };
  const faults: string[] = [];
  for (const element of document.querySelectorAll("body *:not(script):not(svg):not(svg *)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.nodeValue ?? "").trim() !== "");
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(element);
    const one = luminance(parse(style.color));
    const other = luminance(ground(element));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faults.push(`${ratio.toFixed(2)} ${element.className}: ${element.textContent.slice(0, 40)}`);
  }
  return faults;
}

/** Elements, attributes and links that the page never has by itself. */
export function findForeign(): readonly string[] {
  const tags = new Set(
    "html head nav meta title link style body a header div p span h1 ul li svg rect dl dt dd button time section h2 h3 main input select option article details summary b code table thead tbody tr th td del ins pre g text tspan path dialog kbd script".split(
      " ",
    ),
  );
  const attributes = new Set(
    "lang charset http-equiv content name rel href class id aria-hidden aria-label aria-labelledby aria-pressed aria-expanded aria-keyshortcuts datetime type hidden viewbox viewBox preserveAspectRatio x y width height rx d dx transform role tabindex placeholder autocomplete spellcheck value open scope title text-anchor style".split(
      " ",
    ),
  );
  const faults: string[] = [];
  for (const element of document.querySelectorAll("*")) {
    if (!tags.has(element.tagName.toLowerCase())) faults.push(`<${element.tagName}>`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name) && !/^data-[a-z]+$/.test(name)) faults.push(`${element.tagName} ${name}="${value}"`);
      if (name === "style" && element.id !== "canvas" && element.tagName !== "HTML") faults.push(`style of ${element.tagName}`);
      if (name === "href" && element.tagName !== "LINK" && !/^(#|https:\/\/git\.example\/)/.test(value)) faults.push(`leads to ${value}`);
    }
  }
  for (const tag of ["script", "style", "title", "link", "dialog", "h1"]) {
    const count = document.getElementsByTagName(tag).length - (tag === "title" ? document.querySelectorAll("svg title").length : 0);
    if (count !== 1) faults.push(`${count} × ${tag}`);
  }
  return faults;
}
