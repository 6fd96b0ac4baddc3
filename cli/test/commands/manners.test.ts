import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { query } from '../support/duckDb.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, main, run, runAny } from '../support/program.ts';

const clip = (name: string) => join(clips, `${name}.wav`);

describe('recordings that cannot be used', () => {
  it('are told of by name and reason, and counted; the others go on; exit code 1', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'notes.txt'), 'no sound at all');
    const out = join(folder, 'a.csv');
    const inputs = ['missing.wav', 'notes.txt', clip('loud'), '*.flac'];
    const { code, stdout, stderr } = await run(['classify', ...inputs, '--out', out], { cwd: folder });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^missing\.wav: .*no such file/m);
    expect(stderr).toMatch(/^notes\.txt: Cannot decode audio: found text/m);
    expect(stderr).toMatch(/^\*\.flac: Cannot find a recording: there is none in \*\.flac$/m);
    expect(stderr).toMatch(/^3 of 4 recordings failed\.$/m);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(parse(await readFile(out, 'utf8'))).toHaveLength(2);
  });

  it('leave the file of an earlier run alone where there is nothing else', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'a.csv'), 'earlier');
    const { code, stderr } = await run(['classify', 'missing.wav', '--out', 'a.csv'], { cwd: folder });
    expect([code, stderr.split('\n').length]).toEqual([1, 2]);
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('earlier');
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  it('cannot write to the terminal what it obeys', async () => {
    const { stderr } = await run(['classify', 'a\u001b[2J\nb.wav']);
    expect(stderr).toMatch(/^a\ufffd\[2J\ufffdb\.wav: ENOENT.*\n$/);
  });
});

describe('a wrong command line has exit code 2, and says why in a line', () => {
  it.each([
    [['classify'], /missing required argument 'recordings'/],
    [['classify', 'a.wav', '--colour'], /unknown option '--colour'/],
    [['sing'], /unknown command 'sing'/],
    [['classify', 'a.wav', '--channel', 'left'], /--channel.*'mix', 'each', or the number of a channel/],
    [['classify', 'a.wav', '--unsure', '2'], /--unsure.*a number from 0 to 1/],
    [['classify', 'a.wav', '--format', 'vtt'], /--format.*Allowed choices are table, bars, jsonl, csv, parquet, html/],
    [
      ['classify', 'a.wav', '--json', '--format', 'csv'],
      /--json is short for --format jsonl, and there is --format csv/,
    ],
    [['classify', 'a.wav', '--out', 'a.xyz'], /--out a\.xyz does not tell the format: name it, --format/],
    [['classify', 'a.wav', '--out', 'a.vtt'], /there is no format vtt here/],
    [['classify', 'a.wav', '--format', 'csv', '--out', '.'], /csv is one file for all, and --out is a folder/],
    [['timeline', '.', '--format', 'vtt'], /vtt is a file for each recording: name a folder, --out/],
    [['timeline', clip('slow'), '--channel', 'each', '--format', 'labels'], /labels is a file for each channel/],
    [['timeline', 'a.wav', '--hop', '0'], /--hop.*a number from 0\.001/],
    [['live', '--rate', '16k'], /--rate.*a whole number from 1000/],
    [['live', '--encoding', 'opus'], /--encoding.*Allowed choices are u8, s16/],
    [['live', '--json', '--format', 'table'], /--json is short for/],
  ])('%j', async (parameters, message) => {
    const { code, stdout, stderr } = await run(parameters);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('but a model that is not there has 1', async () => {
    const { code, stderr } = await run(['classify', clip('slow'), '--model', 'nowhere']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot read the model: .*nowhere.*\n$/);
  });
});

describe('Ctrl-C', () => {
  /** Many names of one clip: more than there is time for. */
  async function manyRecordings(): Promise<string> {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'calls'));
    for (let i = 0; i < 500; i++) await symlink(clip('in-turns'), join(folder, `calls/${i}.wav`));
    return folder;
  }

  /** Runs until something holds, then interrupts. */
  const interrupted = (parameters: readonly string[], cwd: string, holds: () => boolean) =>
    run(parameters, {
      cwd,
      watch(child) {
        const timer = setInterval(() => {
          if (!holds()) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 5);
        child.on('exit', () => clearInterval(timer));
      },
    });

  const sizeOf = (folder: string, pattern: RegExp) => {
    const name = existsSync(folder) ? readdirSync(folder).find((own) => pattern.test(own)) : undefined;
    return name === undefined ? 0 : statSync(join(folder, name)).size;
  };

  it('leaves tables of whole recordings, and a whole page; exit code 130', async () => {
    const folder = await manyRecordings();
    const { code, stdout, stderr } = await interrupted(
      ['timeline', 'calls', '--out', 'a.parquet', '--report', 'a.html'],
      folder,
      () => sizeOf(folder, /^a\.html.*part$/) > 2000,
    );
    expect([code, stdout, stderr]).toEqual([130, '', 'Stopped.\n']);
    expect((await readdir(folder)).sort()).toEqual(['a.html', 'a.parquet', 'calls']);
    const counts = await query(`select file, count(*) as n from read_parquet('${folder}/a.parquet') group by file`);
    expect(counts.length).toBeGreaterThan(0);
    expect(counts.length).toBeLessThan(500);
    expect(new Set(counts.map(({ n }) => n)).size).toBe(1); // each has all of its segments
    const page = await readFile(join(folder, 'a.html'), 'utf8');
    expect(page.match(/<section>/g)!.length).toBe(page.match(/<\/section>/g)!.length);
    expect(page.endsWith('</html>\n')).toBe(true);
  });

  it('leaves whole timelines', async () => {
    const folder = await manyRecordings();
    const out = join(folder, 'out');
    const { code } = await interrupted(
      ['timeline', 'calls', '--format', 'labels', '--out', 'out'],
      folder,
      () => existsSync(out) && readdirSync(out).length > 1,
    );
    expect(code).toBe(130);
    const names = await readdir(out);
    expect(names.length).toBeLessThan(500);
    const texts = new Set(names.map((name) => readFileSync(join(out, name), 'utf8')));
    expect(texts.size).toBe(1); // all of the same clip
    expect(names.filter((name) => !name.endsWith('.txt'))).toEqual([]);
  });

  it('before anything is done leaves nothing', async () => {
    const folder = await emptyFolder();
    const { code, stdout } = await run(['classify', '-', '--out', 'a.csv'], {
      cwd: folder,
      watch: (child) => {
        const timer = setInterval(() => {
          if (!readdirSync(folder).length) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 5);
      },
      isOpen: true,
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('standard output', () => {
  it('may be left by whoever reads it', async () => {
    const program = `"${process.execPath}" "${main}" classify ${Array(6)
      .fill(`"${clip('slow')}"`)
      .join(' ')} --json`;
    const { stdout, stderr } = await runAny('bash', ['-c', `${program} | head -n 1; echo "\${PIPESTATUS[0]}"`]);
    expect(stderr).toBe('');
    expect(stdout.split('\n')[1]).toMatch(/^(141|0)$/);
  });

  /** On a terminal that `script` plays. */
  const onTerminal = (parameters: string, env: Record<string, string> = {}) =>
    runAny('script', ['-qec', `"${process.execPath}" "${main}" ${parameters}`, '/dev/null'], {
      env: { TERM: 'xterm-256color', NO_COLOR: '', FORCE_COLOR: '', ...env },
    });

  it('on a terminal is a table in colours, with a bar beneath', async () => {
    const { code, stdout } = await onTerminal(`classify "${clip('flat')}" "${clip('slow')}"`);
    expect(code).toBe(0);
    expect(stdout).toContain('emotion');
    expect(stdout).toContain(clip('slow'));
    expect(stdout).toContain('\u001b[2m'); // dim
    expect(stdout).toMatch(/█+·*.* %/);
  });

  it('has no colours with NO_COLOR', async () => {
    const { stdout } = await onTerminal(`classify "${clip('flat')}"`, { NO_COLOR: '1' });
    expect(stdout).toContain('emotion');
    for (const style of ['\u001b[2m', '\u001b[1m', '\u001b[36m']) expect(stdout).not.toContain(style);
  });

  it('elsewhere is JSON Lines, without colours, bars, or anything on standard error', async () => {
    const { stdout, stderr } = await run(['classify', clip('flat')], { env: { FORCE_COLOR: '1' } });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toHaveProperty('label');
    expect((await run(['classify', clip('flat'), '--format', 'table'])).stdout).not.toContain('\x1b');
  });
});
