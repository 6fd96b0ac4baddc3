import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../docs/site/links.ts';

const root = resolve(import.meta.dirname, '../..');

/** Every page of the repository, by its path from the root; the API pages are typedoc's. */
const pages = ['', 'docs', 'examples', 'bench']
  .flatMap((folder) => {
    const recursive = folder !== '';
    const names = readdirSync(join(root, folder), { recursive, encoding: 'utf8' });
    return names.map((name) => join(folder, name));
  })
  .filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/') && !path.includes('node_modules'))
  .sort();

const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Block {
  /** A file that is not there, beside the page: relative imports and errors name it. */
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a page; in place of what precedes them are empty lines, so that errors name the page's lines. */
function blocksOf(page: string, content: string): Block[] {
  return [...content.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language, 2: code, index }) => {
    const line = content.slice(0, index).split('\n').length;
    const extension = language === 'js' ? 'mjs' : 'mts';
    return {
      file: join(root, `${page}.line${line}.${extension}`),
      language: language!,
      code: '\n'.repeat(line) + code,
    };
  });
}

/** What TypeScript has to say about blocks, checked against the sources with the project's own strict settings. */
function faultsOf(blocks: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    {
      ...config,
      include: [],
      files: ['vitest.config.ts'],
      compilerOptions: {
        ...config.compilerOptions,
        allowJs: true,
        checkJs: true,
        noUnusedLocals: false,
        paths: {
          'speech-emotion': ['./src/index.ts'],
          'speech-emotion/browser/training': ['./src/browser/serveTrainingThread.ts'],
          'speech-emotion/corpora': ['./src/dataset/index.ts'],
          'speech-emotion/*': ['./src/*/index.ts'],
          'speech-emotion-cli': ['./cli/src/index.ts'],
        },
      },
    },
    ts.sys,
    root,
    undefined,
    join(root, 'tsconfig.docs.json'),
  );
  const host = ts.createCompilerHost(options);
  const virtual = new Map(blocks.map(({ file, code }) => [file, code]));
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const code = virtual.get(file);
    return code === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, code, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...virtual.keys(), join(root, 'src/pretrained/weights.d.ts')], options, host);
  return [...virtual.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found
      .filter(({ code }) => file.endsWith('.mts') || JAVASCRIPT.has(code))
      .map(({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start);
        const page = relative(root, file).replace(/\.line\d+\.m[jt]s$/, '');
        return `${page}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      });
  });
}

/** JavaScript is held to its syntax (codes below 2000) and to what modules export, not to types that it cannot state. */
const JAVASCRIPT = { has: (code: number) => code < 2000 || [2305, 2307, 2459, 2613, 2614, 2724].includes(code) };

const code = pages.flatMap((page) => blocksOf(page, read(page))).filter(({ language }) => /^(ts|js)$/.test(language));

describe('code in the documentation (oracle: the sources, by TypeScript’s strict check)', () => {
  it('is what the library is', { timeout: 120_000 }, () => {
    expect(code.length).toBeGreaterThan(10);
    const wrong = [
      `import { noSuchThing } from 'speech-emotion';`,
      `import { buildCnnLstm } from 'speech-emotion';\nbuildCnnLstm({ bins: 'many' });`,
    ].flatMap((text, i) => blocksOf(`wrong${i}.md`, `\`\`\`ts\n${text}\n\`\`\``));
    const faults = faultsOf([...code, ...wrong]);
    expect(faults.filter((fault) => !fault.startsWith('wrong'))).toEqual([]);
    expect(faults.filter((fault) => fault.startsWith('wrong'))).toHaveLength(2);
  });

  it('stands in blocks that say their language', () => {
    const silent = pages.filter(
      (page) => (read(page).match(/^```/gm) ?? []).length !== 2 * blocksOf(page, read(page)).length,
    );
    expect(silent).toEqual([]);
  });
});

/** Links and pictures of a page, without those that stand in code. */
function linksOf(content: string): string[] {
  const text = content.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, 'code');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, reference]) => inline ?? reference!,
  );
  return links.map((link) => link.replace(`${REPOSITORY}/blob/main/`, '/')); // README.md is also read where there is no tree
}

/** A link's path, from its page, or from the root where it begins there. */
function fileOf(page: string, target: string): string {
  const [path = ''] = target.split('#');
  if (path === '') return join(root, page);
  return path.startsWith('/') ? join(root, path) : resolve(root, dirname(page), path);
}

/** The anchors that headings get: lower case, without punctuation, hyphens for spaces. */
function anchorsOf(content: string): string[] {
  const text = content.replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links between pages (oracle: the files and their headings)', () => {
  const local = pages.flatMap((page) =>
    linksOf(read(page))
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ page, target })),
  );

  it('lead somewhere', () => {
    const broken = local.filter(({ page, target }) => {
      const [, anchor] = target.split('#');
      const file = fileOf(page, target);
      if (!existsSync(file)) return true;
      return (
        anchor !== undefined &&
        (statSync(file).isDirectory() || !anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
      );
    });
    expect(local.length).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });

  it('every page of docs is reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const target of linksOf(read(page))) {
        const file = relative(root, fileOf(page, target));
        if (pages.includes(file)) reached.add(file);
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});
