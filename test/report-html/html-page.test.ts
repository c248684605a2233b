// The page of a plan in a real browser, opened from a file as a reviewer opens an artefact. One browser serves all tests.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanReport } from "../../cli/report/report.ts";
import { lackOfBrowser, openBrowser, openPage } from "../support/browser.ts";
import { copyExample, expectKoine } from "../support/run-koine.ts";
import { hostileReports } from "./hostile-reports.ts";
import { findFaint, findForeign, findUnnamed } from "./judge-page.ts";
import { writePage } from "./page-files.ts";
import { failedReport, makeLargeReport, nothingReport, smallReport } from "./sample-reports.ts";

if (lackOfBrowser !== undefined) console.warn(lackOfBrowser);

describe.skipIf(lackOfBrowser !== undefined)("the page of a plan", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** Opens a report's page, plays, and demands that the page did nothing it must not. */
  async function play(
    report: PlanReport,
    act: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
    fragment = "",
  ): Promise<void> {
    const { page, faults, close } = await openPage(browser, `${await writePage(report)}${fragment}`, options);
    await act(page);
    await close();
    expect(faults).toEqual([]);
  }

  const shown = (page: Page): Promise<string[]> => page.locator(".group:visible summary b").allTextContents();
  const focused = (page: Page): Promise<string> => page.locator(".group:focus-within summary b").textContent().then(String);

  test.each([
    ["small", smallReport],
    ["large", makeLargeReport(24)],
    ["failed", failedReport],
    ["nothing", nothingReport],
  ])("%s: opens silently, every control has a name, headings are in order, text can be read in both themes", async (_, report) => {
    await play(report, async (page) => {
      expect(await page.evaluate(findUnnamed)).toEqual([]);
      expect(await page.evaluate(findForeign)).toEqual([]);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect(await page.evaluate(findFaint)).toEqual([]);
      }
    });
  });

  test("fits a phone: nothing is wider than the screen", () =>
    play(
      smallReport,
      async (page) => {
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
        await page.locator("[data-chip=delete]").click();
        expect(await shown(page)).toEqual(["disk.archive"]);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));

  test("filters by text, action, cloud and kind, and the counts follow", () =>
    play(smallReport, async (page) => {
      const count = (action: string): Promise<string | null> => page.locator(`[data-chip=${action}] [data-count]`).textContent();
      expect(await shown(page)).toHaveLength(5);
      await page.fill("#search", "IMAGEID ami-0c9");
      expect(await shown(page)).toEqual(["machine.web[1]", "machine.web[2]"]);
      expect([await count("create"), await count("replace"), await count("delete")]).toEqual(["1", "1", "0"]);
      await page.click("[data-chip=create]");
      expect(await shown(page)).toEqual(["machine.web[2]"]);
      expect(await page.textContent("#shown")).toBe("1 of 5 shown");
      expect(await page.getAttribute("[data-chip=create]", "aria-pressed")).toBe("true");
      await page.click("#reset");
      await page.selectOption("#cloud", "gcp");
      expect(await shown(page)).toEqual(["disk.archive", "network.main"]);
      await page.selectOption("#kind", "network");
      expect(await shown(page)).toEqual(["network.main"]);
      await page.fill("#search", "nothing has this");
      expect(await page.isVisible("#none-match")).toBe(true);
      await page.keyboard.press("Escape");
      expect(await shown(page)).toHaveLength(5);
    }));

  test("is used by keyboard alone", () =>
    play(makeLargeReport(24), async (page) => {
      const open = (): Promise<boolean> =>
        page.locator(".group:focus-within details").evaluate((details) => (details as unknown as { open: boolean }).open);
      await page.keyboard.press("/");
      await page.keyboard.type("machine_0 number");
      expect(await shown(page)).toEqual([0, 2, 4, 7, 8, 10].map((index) => `machine.machine_0[${index}]`));
      await page.keyboard.press("Enter");
      expect(await focused(page)).toBe("machine.machine_0[0]");
      expect(await open()).toBe(false);
      await page.keyboard.press("Enter");
      expect(await open()).toBe(true);
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      expect(await focused(page)).toBe("machine.machine_0[4]");
      await page.keyboard.press("k");
      expect(await focused(page)).toBe("machine.machine_0[2]");
      await page.keyboard.press("e");
      expect(await page.locator(".group:visible details[open]").count()).toBe(6);
      await page.keyboard.press("?");
      expect(await page.isVisible("#help")).toBe(true);
      await page.keyboard.press("Escape");
      expect(await page.isVisible("#help")).toBe(false);
      expect(await shown(page)).toHaveLength(6);
      await page.keyboard.press("Escape");
      expect(await shown(page)).toHaveLength(24);
      await page.keyboard.press("g");
      expect(await page.locator("#canvas:focus").count()).toBe(1);
    }));

  test("a link to an address opens its change and marks its box", () =>
    play(
      makeLargeReport(24),
      async (page) => {
        await expect.poll(() => focused(page)).toBe("disk.disk_1[8]");
        expect(await page.locator("[id='disk.disk_1[8]'] details[open]").count()).toBe(1);
        expect(await page.getAttribute(".picked", "id")).toBe("node:disk.disk_1[8]");
        await page.click("[data-chip=delete]");
        await page.evaluate("location.hash = 'machine.machine_0[0]'");
        await expect.poll(() => focused(page)).toBe("machine.machine_0[0]");
        expect(await shown(page)).toHaveLength(24);
      },
      {},
      `#${encodeURIComponent("disk.disk_1[8]")}`,
    ));

  test("the graph moves, zooms and folds, by hand and by key, and leads to the changes and back", () =>
    play(smallReport, async (page) => {
      const view = async (): Promise<readonly number[]> =>
        String(await page.getAttribute("svg.graph", "viewBox"))
          .split(" ")
          .map(Number);
      const widths: number[] = [];
      const note = async (): Promise<void> => void widths.push((await view())[2] ?? 0);
      await note();
      await page.click("[data-graph=in]");
      await note();
      await page.focus("#canvas");
      await page.keyboard.press("+");
      await note();
      const box = await page.locator("#canvas").boundingBox();
      if (box === null) throw new Error("the graph is not shown");
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.wheel(0, -100);
      await expect.poll(async () => (await view())[2]).toBeLessThan(widths.at(-1) ?? 0);
      await note();
      expect(widths).toEqual([...widths].sort((a, b) => b - a));
      const before = await view();
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 - 80, box.y + box.height / 2 - 40, { steps: 4 });
      await page.mouse.up();
      const dragged = await view();
      expect(dragged[0]).toBeGreaterThan(before[0] ?? 0);
      expect(dragged[1]).toBeGreaterThan(before[1] ?? 0);
      await page.keyboard.press("ArrowLeft");
      expect((await view())[0]).toBeLessThan(dragged[0] ?? 0);
      await page.keyboard.press("0");
      expect((await view())[2]).toBe(widths[0]);

      const far = await page.getAttribute(".far", "d");
      const head = page.getByRole("button", { name: "aws, 6 resources" });
      await head.focus();
      await page.keyboard.press("Enter");
      expect(await head.getAttribute("aria-expanded")).toBe("false");
      expect(await page.isVisible("[id='node:machine.web[1]']")).toBe(false);
      expect(await page.getAttribute(".far", "d")).not.toBe(far);
      await page.keyboard.press("Enter");
      expect(await page.getAttribute(".far", "d")).toBe(far);

      await page.click("[id='node:machine.web[2]']");
      await expect.poll(() => focused(page)).toBe("machine.web[2]");
      await page.locator("[id='firewall.web']").getByText("in the graph").click();
      await expect.poll(() => page.getAttribute(".picked", "id")).toBe("node:firewall.web");
      expect(await page.locator("[id='node:firewall.web']:focus").count()).toBe(1);
    }));

  test("two fingers zoom the graph", () =>
    play(
      smallReport,
      async (page) => {
        await page.locator("#canvas").scrollIntoViewIfNeeded();
        const box = await page.locator("#canvas").boundingBox();
        if (box === null) throw new Error("the graph is not shown");
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const width = async (): Promise<number> => Number(String(await page.getAttribute("svg.graph", "viewBox")).split(" ")[2]);
        const before = await width();
        const session = await page.context().newCDPSession(page);
        const touch = (type: "touchStart" | "touchMove" | "touchEnd", spread?: number): Promise<unknown> =>
          session.send("Input.dispatchTouchEvent", {
            type,
            touchPoints:
              spread === undefined
                ? []
                : [
                    { x: x - spread, y, id: 0 },
                    { x: x + spread, y, id: 1 },
                  ],
          });
        await touch("touchStart", 20);
        for (const spread of [30, 40, 50, 60]) await touch("touchMove", spread);
        await touch("touchEnd");
        await expect.poll(width).toBeLessThan(before / 1.5);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));

  test("a box of several resources narrows the list to them", () =>
    play(makeLargeReport(96), async (page) => {
      await page.locator("a.node[data-fold='machine.machine_0'][data-action=create]").click();
      expect(await shown(page)).toHaveLength(6);
      expect(await page.textContent("#shown")).toBe("6 of 96 shown");
    }));

  test("without JavaScript everything can be read, and no control stands there that does nothing", () =>
    play(
      smallReport,
      async (page) => {
        expect(await page.locator("button:visible, input:visible, select:visible").count()).toBe(0);
        const closed = page.locator("details:not([open]) > summary");
        while ((await closed.count()) > 0) await closed.first().click();
        const text = await page.innerText("body");
        for (const part of [
          "koine.yaml is edited",
          "2 objects would be replaced",
          "image → ubuntu-24.04 forces replacement",
          "data loss",
          "forces replacement: immutable",
          "the data of /dev/sdf is not copied",
          'content: "ubuntu-22.04"',
          "(known after subnet.app)",
          "waits for subnet.app.id",
          "(secret) changes",
          "198.51.100.0/24",
          '"$cost":"web"',
          "edited and drifted",
          "stacks/shop/web.koine:31",
          "+$112.50",
          "priced by what goes through it",
          "known after machine.web[2].public_ip",
          "EnableDnsSupport",
          "${subnet.app:subnet.SubnetId}",
        ])
          expect(text).toContain(part);
        for (const group of smallReport.groups)
          expect(await page.locator(`a.node[href="#${encodeURIComponent(group.address)}"]`).count()).toBe(1);
      },
      { javaScriptEnabled: false },
    ));

  test("the page that the bundled command writes works too", async () => {
    const folder = copyExample("web");
    const file = join(folder, "plan.html");
    await expectKoine(folder, ["--simulate", "plan", "--html", file], 0);
    const { page, faults, close } = await openPage(browser, pathToFileURL(file).href);
    await page.fill("#search", "ubuntu");
    expect(await shown(page)).toEqual(["machine.web[0]", "machine.web[1]"]);
    await page.click("[id='node:network.main']");
    await expect.poll(() => focused(page)).toBe("network.main");
    await page.click("[data-graph=in]");
    await close();
    expect(faults).toEqual([]);
  });

  test("no text of a report runs, loads or becomes an element, even where the policy does not hold", async () => {
    for (const [index, report] of hostileReports(2).entries())
      await play(
        report,
        async (page) => {
          expect(await page.evaluate("globalThis.ran")).toBeUndefined();
          expect(await page.evaluate(findForeign)).toEqual([]);
          expect(await page.locator("article.group").count()).toBe(report.groups.length);
          await page.fill("#search", report.groups[0]?.about ?? "");
          await page.locator("a.node").first().focus();
          await page.keyboard.press("Enter");
          expect(await page.evaluate("globalThis.ran")).toBeUndefined();
        },
        { bypassCSP: index > 0 },
      );
  });
});
