import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../docs/site/links.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly files: string[];
  readonly exports: Record<string, string | { default: string }>;
  readonly repository: { url: string };
  readonly scripts: Record<string, string>;
};

/** Targets of a page's links, inline and by reference, without those that stand in code. */
function linksOf(page: string): string[] {
  const text = page.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, 'code');
  return [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, reference]) => (inline ?? reference)!,
  );
}

/** Whether npm packs a file: what `files` lists, and what lies below it. */
const ships = (path: string) => manifest.files.some((file) => path === file || path.startsWith(`${file}/`));

/** Links that do not work from the registry's page, which has README.md and nothing beside it but what ships. */
function broken(page: string): string[] {
  const within = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/([^#]*)`);
  return linksOf(page).filter((link) => {
    const [, path] = within.exec(link) ?? [];
    if (path !== undefined) return !existsSync(resolve(root, path));
    if (/^[a-z]+:|^#/.test(link)) return false;
    return !ships(link.split('#')[0]!) || !existsSync(resolve(root, link.split('#')[0]!));
  });
}

describe('README.md, as the registry shows it', () => {
  const readme = read('README.md');

  it('links to files that ship, or to files that are in the repository (oracle: package.json, the tree)', () => {
    expect(linksOf(readme).length).toBeGreaterThan(20);
    expect(broken(readme)).toEqual([]);
    expect(broken('[a](docs/live.md) [b](LICENSE)\n[c]: https://nowhere.example\n')).toEqual(['docs/live.md']);
    expect(broken(`[d]: ${REPOSITORY}/blob/main/docs/nothing.md#x`)).toHaveLength(1);
  });

  it('names each label that it uses', () => {
    const text = readme.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, 'code');
    const named = new Set([...text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, label]) => label!.toLowerCase()));
    const used = [...text.matchAll(/\[([^\]]+)\](?:\[([^\]]+)\])?(?![(:\]])/g)].map(
      ([, own, other]) => (other ?? own)!,
    );
    expect(used.filter((label) => !named.has(label.toLowerCase()))).toEqual([]);
    expect([...named].filter((label) => !used.some((other) => other.toLowerCase() === label))).toEqual([]);
  });

  it('and package.json name one repository', () => {
    expect(manifest.repository.url).toBe(`git+${REPOSITORY}.git`);
  });

  it('lists every entry of package.json', () => {
    const [, table = ''] = readme.split('| entry ');
    const rows = [...table.split('\n\n')[0]!.matchAll(/`(speech-emotion[^`]*)`/g)].map(([, name]) => name!);
    const entries = Object.keys(manifest.exports)
      .filter((name) => !/package\.json|capture/.test(name))
      .map((name) => name.replace('.', 'speech-emotion'));
    expect(rows.sort()).toEqual(entries.sort());
  });
});

describe('llms.txt', () => {
  const page = read('llms.txt');

  it('names what the entries export, and every entry (oracle: dist and package.json)', async () => {
    const sections = [...page.matchAll(/^- `(speech-emotion[^`]*)`: (.*)$/gm)];
    const entries = Object.keys(manifest.exports).filter((name) => !/package\.json|capture/.test(name));
    expect(sections.map(([, name]) => name).sort()).toEqual(
      entries.map((name) => name.replace('.', 'speech-emotion')).sort(),
    );
    for (const [, entry, text] of sections) {
      const { default: file } = manifest.exports[entry!.replace('speech-emotion', '.')] as { default: string };
      const exported = await import(resolve(root, file));
      const named = [...text!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
      expect(named.length).toBeGreaterThan(0);
      expect(
        named.filter((name) => !(name in exported)),
        entry,
      ).toEqual([]);
    }
  });

  it('links to files that are there', () => {
    expect(linksOf(page).length).toBeGreaterThan(10);
    expect(broken(page)).toEqual([]);
  });

  it('lists every page of docs', () => {
    for (const name of readdirSync(resolve(root, 'docs')).filter((name) => name.endsWith('.md')))
      expect(page).toContain(`/docs/${name})`);
  });
});

describe('CONTRIBUTING.md', () => {
  const page = read('CONTRIBUTING.md');

  it('names scripts, test projects and files that there are', () => {
    const scripts = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const projects = [...page.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name!);
    const config = read('vitest.config.ts');
    expect(projects).toEqual(
      expect.arrayContaining(
        [...config.matchAll(/name: '(\w+)',/g)].map(([, name]) => name!).filter((name) => name !== 'binary'),
      ),
    );
    for (const link of linksOf(page).filter((link) => !link.startsWith('http')))
      expect(existsSync(resolve(root, link)), link).toBe(true);
    expect(existsSync(resolve(root, /--project node (\S+)/.exec(page)![1]!))).toBe(true);
    expect(execFileSync('git', ['ls-files', '--stage', '.ci/run'], { cwd: root, encoding: 'utf8' })).toMatch(/^100755/);
  });
});
