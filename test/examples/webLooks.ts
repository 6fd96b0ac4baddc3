// a page in some state → what axe and the accessibility tree find wrong, what is wider than the window; pictures of each to look at

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { root } from '../support/program.ts';

const screenshots = join(root, 'runs/screenshots');
/** Three windows, and the widest where the browser enlarges all to 200 %. */
const SIZES = { wide: [1440, 900], tablet: [820, 1180], phone: [390, 844], twice: [720, 450] } as const;

/** What is wrong, in words; pictures are left in runs/screenshots. The page is as it was afterwards. */
export async function faultsInLooks(page: Page, name: string, { exclude = [] as string[] } = {}): Promise<string[]> {
  await mkdir(screenshots, { recursive: true });
  const before = page.viewportSize()!;
  // As a tool of the browser, which the page's policy does not bind.
  await page.evaluate(`${await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')}; undefined`);
  const faults: string[] = [];
  const take = (look: string) =>
    page.screenshot({ path: join(screenshots, `${name}-${look}.png`), fullPage: true, animations: 'disabled' });
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await drawn(page);
      await take(`${size}-${colorScheme}`);
      const found = [...(await violations(page, exclude)), ...(await wider(page)), ...(await unnamed(page))];
      faults.push(...found.map((fault) => `${name}, ${size}, ${colorScheme}: ${fault}`));
    }
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await drawn(page);
    await take(`${size}-forced`);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null, forcedColors: null });
  }
  await page.setViewportSize(before);
  return faults;
}

const drawn = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

function violations(page: Page, exclude: readonly string[]): Promise<string[]> {
  return page.evaluate(async (exclude) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ exclude });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(', ')}`);
  }, exclude as string[]);
}

function wider(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const outside = [...document.querySelectorAll('[role=menu], dialog[open]')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < 0 || right > clientWidth;
    });
    if (outside.length > 0)
      return ['not within the window', ...outside.map(({ outerHTML }) => outerHTML.slice(0, 100))];
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('main *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return ['wider than the window', ...wide.map(({ outerHTML }) => outerHTML.slice(0, 100))];
  });
}

/** Roles that say nothing without a name. */
const NAMED =
  /^(button|link|slider|textbox|combobox|checkbox|radio|menu|menuitem|img|image|progressbar|meter|navigation|dialog)$/;

/** A node of the browser's accessibility tree. */
interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
  readonly childIds?: readonly string[];
}

async function nodesOf(page: Page): Promise<AxNode[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return (nodes as AxNode[]).filter(({ ignored }) => !ignored);
}

async function unnamed(page: Page): Promise<string[]> {
  const nodes = await nodesOf(page);
  const nameless = nodes.filter(({ role, name }) => NAMED.test(role?.value ?? '') && !name?.value?.trim());
  return nameless.map(({ role, properties }) => `a ${role!.value} without a name: ${JSON.stringify(properties)}`);
}

/** What the live regions say now, as a screen reader is told. */
export async function spoken(page: Page): Promise<string[]> {
  const nodes = await nodesOf(page);
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const textOf = (node: AxNode): string =>
    node.role?.value === 'StaticText'
      ? (node.name?.value ?? '')
      : (node.childIds ?? []).map((id) => (byId.has(id) ? textOf(byId.get(id)!) : '')).join('');
  return nodes.filter(({ role }) => role?.value === 'status' || role?.value === 'alert').map(textOf);
}
