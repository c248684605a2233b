// A browser for tests: Debian's Chromium, or the one that $KOINE_CHROMIUM names, without a network of its own. Where there is none, tests that need it are
// skipped and say why.

import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executable = process.env.KOINE_CHROMIUM ?? "/usr/bin/chromium";

/** Why there is no browser; undefined where there is one. Printed once by whoever skips for it. */
export const lackOfBrowser = existsSync(executable)
  ? undefined
  : `no browser at ${executable}; set KOINE_CHROMIUM to a Chromium to run these tests`;

/** With an empty profile that goes when it is closed. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page in a context of its own, and what it did that it must not: messages, errors, dialogs, requests for anything but its own file. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const faults: string[] = [];
  const page = await context.newPage();
  const own = url.replace(/#.*$/, "");
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (other) => faults.push(`popup: ${other.url()}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (asked.replace(/#.*$/, "") !== own && !asked.startsWith("data:")) faults.push(`request: ${asked}`);
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}
