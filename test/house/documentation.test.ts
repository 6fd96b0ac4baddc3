import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksForSite, REPOSITORY } from '../../docs/site/links.ts';
import { PAGES } from '../../docs/site/pages.ts';
import { buildSite } from '../../docs/site.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the documentation site', () => {
  const site = mkdtempSync(join(tmpdir(), 'site-'));
  let complaints: string[];
  let files: Map<string, string>;

  beforeAll(async () => {
    complaints = await buildSite(site);
    const names = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = names.map((entry) => relative(site, join(entry.parentPath, entry.name)));
    files = new Map(paths.map((path) => [path, path.endsWith('.html') ? readFileSync(join(site, path), 'utf8') : '']));
  }, 600_000);

  afterAll(() => rmSync(site, { recursive: true }));

  it('has a docstring for every public symbol, and links in them that resolve (oracle: typedoc’s validation)', () => {
    expect(complaints).toEqual([]);
  });

  it('has every page of docs, each in one group', () => {
    const pages = Object.values(PAGES).flat();
    const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
    expect(docs.map((name) => `docs/${name}`).filter((path) => !pages.includes(path))).toEqual([]);
    expect(new Set(pages).size).toBe(pages.length);
    expect([...files.keys()].filter((path) => path.startsWith('documents/'))).toHaveLength(pages.length);
  });

  it('links to pages, headings and pictures that are there (oracle: the generated files)', () => {
    const links = [...files].flatMap(([page, html]) =>
      [...html.matchAll(/<(?:a|img|script|link)\b[^>]*? (?:href|src)="([^"]+)"/g)].map(([, link]) => ({
        page,
        link: link!,
      })),
    );
    const lost = links.filter(({ page, link }) => !leads(page, link));
    expect(links.length).toBeGreaterThan(1000);
    expect(lost).toEqual([]);
    expect(leads('index.html', 'documents/Nothing.html')).toBe(false);
    expect(leads('index.html', '#nothing')).toBe(false);
  });

  /** Whether a link of a page leads to a file of the site, and to an element that is in it; other hosts are not asked. */
  function leads(page: string, link: string): boolean {
    if (/^[a-z]+:/.test(link)) return true;
    const [path = '', anchor] = decodeURIComponent(link.replaceAll('&amp;', '&')).split('#');
    const file = path === '' ? page : join(dirname(page), path.replace(/\?.*/, ''));
    const html = files.get(file === '.' ? 'index.html' : file);
    return html !== undefined && (!anchor || !file.endsWith('.html') || html.includes(`id="${anchor}"`));
  }
});

describe('links for the site', () => {
  const forSite = (text: string) => linksForSite(text, `${root}/docs/live.md`, root, ['docs/live.md', 'README.md']);

  it.each([
    ['[a](../README.md#use-it)', '[a](../README.md#use-it)', 'pages that the site has'],
    ['![b](systems/cnn.svg)', '![b](systems/cnn.svg)', 'pictures'],
    ['[c](../examples/web)', `[c](${REPOSITORY}/tree/main/examples/web)`, 'folders of the repository'],
    ['[d](../LICENSE)', `[d](${REPOSITORY}/blob/main/LICENSE)`, 'files of the repository'],
    [`[e]: ${REPOSITORY}/blob/main/docs/live.md#x`, '[e]: live.md#x', 'pages by their address'],
    [`[f]: ${REPOSITORY}/blob/main/LICENSE`, `[f]: ${REPOSITORY}/blob/main/LICENSE`, 'files by their address'],
    ['`[g](../LICENSE)`', '`[g](../LICENSE)`', 'not what stands in code'],
    [
      '## `h` and\n```sh\n# `i`\n```',
      '## h and\n```sh\n# `i`\n```',
      'headings lose their marks of code, which typedoc’s contents drop',
    ],
  ])('%s → %s: %s', (text, expected) => {
    expect(forSite(text)).toBe(expected);
  });
});

describe('typedoc’s validation', () => {
  it('fails on an undocumented export', async () => {
    const entry = `${root}/test/house/undocumented.ts`;
    const complaints = await buildSite(undefined, { entryPoints: [entry], tsconfig: `${root}/tsconfig.json` });
    expect(complaints.join('\n')).toMatch(/undocumentedExport.*does not have any documentation/);
  }, 600_000);
});
