// a page in some state → axe's faults and what is wider than the window, at three widths in both themes; pictures of each to look at

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { root } from '../support/program.ts';

const screenshots = join(root, 'runs/screenshots');
const SIZES = { wide: [1440, 900], tablet: [820, 1180], phone: [390, 844] } as const;

/** What is wrong, in words; pictures are left in runs/screenshots. The page is as it was afterwards. */
export async function faultsInLooks(page: Page, name: string): Promise<string[]> {
  await mkdir(screenshots, { recursive: true });
  const before = page.viewportSize()!;
  await page.evaluate(`${await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')}; undefined`);
  const faults: string[] = [];
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.screenshot({ path: join(screenshots, `${name}-${size}-${colorScheme}.png`), fullPage: true });
      const found = [...(await violations(page)), ...(await wider(page))];
      faults.push(...found.map((fault) => `${name}, ${size}, ${colorScheme}: ${fault}`));
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize(before);
  return faults;
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(', ')}`);
  });
}

function wider(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('main *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return ['wider than the window', ...wide.map(({ outerHTML }) => outerHTML.slice(0, 100))];
  });
}
