import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, root } from './inProject.ts';

/*
 * NOTICE beside what npm really installs with the tarball.
 * Oracle: package.json and the licence file of each installed package, and what their READMEs say that they are based on.
 */

const installed = join(project, 'node_modules/speech-emotion');
const notice = readFileSync(join(installed, 'NOTICE'), 'utf8');
const manifest = readManifest(installed);

interface Manifest {
  readonly name: string;
  readonly license: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** What a section of NOTICE lists: name and licence of each line, and what is indented below it. */
function listed(heading: string): Map<string, { licence: string; parts: string[] }> {
  const [, section = ''] = notice.split(`\n${heading}`);
  const found = new Map<string, { licence: string; parts: string[] }>();
  for (const [, indent, name, licence] of section
    .split('\n\n\n')[0]!
    .matchAll(/^( +)(\S+(?: \S+)*) {2,}(\S+(?: AND \S+)?) /gm)) {
    if (indent!.length === 2) found.set(name!, { licence: licence!, parts: [] });
    else [...found.values()].at(-1)!.parts.push(name!, `${name} ${licence}`);
  }
  return found;
}

/** A package's folder, as the one that needs it finds it. */
function folderOf(name: string, from: string): string {
  const [found] = createRequire(join(from, 'package.json'))
    .resolve.paths(name)!
    .map((path) => join(path, name))
    .filter((folder) => existsSync(join(folder, 'package.json')));
  if (!found) throw new Error(`${name} is not installed beside ${from}`);
  return found;
}

/** Folders of all packages that come with one, by name. */
function withDependencies(folder: string, found = new Map<string, string>()): Map<string, string> {
  for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
    if (found.has(name)) continue;
    found.set(name, folderOf(name, folder));
    withDependencies(found.get(name)!, found);
  }
  return found;
}

/** The words by which a licence's text is known. */
const TEXTS: Record<string, RegExp> = {
  MIT: /permission is hereby granted, free of charge/i,
  'Apache-2.0': /apache license\s+version 2\.0/i,
  'BSD-2-Clause': /redistribution and use in source and binary forms/i,
  'BSD-3-Clause': /neither the name/i,
  'LGPL-3.0-or-later': /gnu lesser general public license\s+version 3/i,
};

const textOf = (folder: string) => readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
const dependencies = withDependencies(installed);
const peers = Object.keys(manifest.peerDependencies!).sort();
const isOptional = (name: string) => manifest.peerDependenciesMeta?.[name]?.optional === true;

describe('NOTICE', () => {
  it('lists every package that npm installs with the tarball, with the licence it states, and no other', () => {
    const section = [...listed('Installed with it')].map(([name, { licence }]) => `${name}: ${licence}`);
    const stated = [...dependencies].map(([name, folder]) => `${name}: ${readManifest(folder).license}`);
    expect(stated.length).toBeGreaterThan(10);
    expect(section.sort()).toEqual(stated.sort());
  });

  it('lists the peers', () => {
    const section = [...listed('Installed by the host')].map(([name, { licence }]) => `${name}: ${licence}`);
    const stated = peers
      .filter((name) => !isOptional(name))
      .map((name) => `${name}: ${readManifest(folderOf(name, installed)).license}`);
    expect(section.sort()).toEqual(stated.sort());
  });

  it('lists the optional peers apart, which npm does not install by itself', () => {
    const optional = peers.filter(isOptional);
    expect(optional).toEqual(['@mediabunny/server', 'mediabunny']);
    expect([...listed('Installed only by hosts that want them').keys()].sort()).toEqual(optional);
    for (const name of optional) expect(existsSync(join(project, 'node_modules', name)), name).toBe(false);
  });

  it('says what the licence files say, where there are any', () => {
    const texts = [...dependencies].flatMap(([name, folder]) => {
      const file = textOf(folder);
      return file
        ? [{ name, licence: readManifest(folder).license, text: readFileSync(join(folder, file), 'utf8') }]
        : [];
    });
    expect(texts.length).toBeGreaterThan(7);
    for (const { name, licence, text } of texts) expect(text, name).toMatch(TEXTS[licence]!);
  });

  it('names what is compiled into them (oracle: their READMEs and licence files)', () => {
    const section = listed('Installed with it');
    const based = [...dependencies].flatMap(([name, folder]) => {
      const readme = readFileSync(join(folder, 'README.md'), { encoding: 'utf8', flag: 'a+' });
      const [, sentence = ''] = /Based on (.*)/.exec(readme) ?? [];
      return [...sentence.matchAll(/\[`([^`]+)`\]/g)].map(([, part]) => [name, part!] as const);
    });
    expect(based).toContainEqual(['mpg123-decoder', 'mpg123']);
    for (const [name, part] of based.filter(([, part]) => !dependencies.has(part)))
      expect(section.get(name)!.parts, `${part} in ${name}`).toContain(part);
    expect(section.get('mpg123-decoder')!.parts).toContain('mpg123 LGPL-2.1-only');
  });

  it('has what dist bundles: no package but AssemblyScript’s library (oracle: the sources that the bundler names)', () => {
    const code = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(join(installed, 'dist', name), 'utf8'));
    const sources = code.flatMap((text) =>
      [...text.matchAll(/^\/\/ ([\w@./-]+\.(?:ts|js|mjs|cjs|bin))$/gm)].map(([, path]) => path!),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((path) => !/^(src|binary:)/.test(path))).toEqual([]);
    const { license } = readManifest(
      dirname(createRequire(join(root, 'package.json')).resolve('assemblyscript/package.json')),
    );
    expect(listed('Compiled into this package')).toEqual(
      new Map([['AssemblyScript', { licence: license, parts: [] }]]),
    );
    const imported = code.flatMap((text) =>
      [...text.matchAll(/^(?:import|export) [^;]*?from ["']([^."'][^"']*)["']|import\(["']([^."'][^"']*)["']\)/gm)].map(
        ([, first, second]) =>
          (first ?? second)!
            .split('/')
            .slice(0, (first ?? second)!.startsWith('@') ? 2 : 1)
            .join('/'),
      ),
    );
    const known = [...Object.keys(manifest.dependencies!), ...Object.keys(manifest.peerDependencies!)];
    const builtIn = ['crypto', 'fs', 'os', 'path', 'url', 'worker_threads'];
    expect(
      [...new Set(imported)].filter((name) => ![...known, ...builtIn].includes(name.replace(/^node:/, ''))),
    ).toEqual([]);
  });

  it('states the licences of code and weights as package.json does, and ships their texts', () => {
    expect(manifest.license).toBe('Apache-2.0 AND CC-BY-NC-SA-4.0');
    expect(notice).toContain(`SPDX: ${manifest.license}`);
    expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toMatch(TEXTS['Apache-2.0']!);
    expect(readFileSync(join(installed, 'src/pretrained/LICENSE'), 'utf8')).toContain('CC BY-NC-SA 4.0');
  });
});
