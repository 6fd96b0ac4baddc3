import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { EmotionClassifier, EmotionResult, EmotionSegment } from 'speech-emotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toSpans } from '../../../src/timelines/index.ts';
import { elanFaults, elanTiers } from '../../../test/support/elanXml.ts';
import { ffmpegIsMissing } from '../../../test/support/ffmpeg.ts';
import { readTextGrid } from '../../../test/support/readTextGrid.ts';
import { openClassifier } from '../../src/openClassifier.ts';
import { query } from '../support/duckDb.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, run } from '../support/program.ts';

/* What the built program writes. Oracle: what the library gives in this process, and other programs that read each format. */

let classifier: EmotionClassifier;
const results = new Map<string, EmotionResult>();
const timelines = new Map<string, EmotionSegment[]>();
let files: string[];

beforeAll(async () => {
  classifier = await openClassifier(undefined);
  files = (await readdir(clips)).filter((name) => name.endsWith('.wav')).map((name) => join(clips, name));
  for (const file of files) {
    const bytes = await readFile(file);
    results.set(file, await classifier.classify(bytes));
    timelines.set(file, await classifier.timeline(bytes));
  }
});

afterAll(() => classifier.dispose());

/** What a row should say, by the library's words. */
function said({ speech, label, confidence, sure, scores = [] }: EmotionResult, isUnsure = sure === false) {
  const own = Object.fromEntries(classifier.labels.map((name) => [`score_${name}`, scoreOf(name, scores)]));
  return { speech, label: speech ? (isUnsure ? 'unsure' : label) : null, confidence: confidence ?? null, ...own };
}
const scoreOf = (name: string, scores: EmotionResult['scores'] = []) =>
  scores.find(({ label }) => label === name)?.score ?? null;

/** Two channels: one clip, and another with its end cut off. */
async function twoChannels(path: string): Promise<void> {
  const waves = await Promise.all([files[0]!, files[1]!].map((file) => readFile(file)));
  const [left, right] = waves.map((wave) => new Int16Array(new Uint8Array(wave.subarray(44)).buffer));
  const length = Math.min(left!.length, right!.length);
  const header = Buffer.from(waves[0]!.subarray(0, 44));
  const rate = header.readUInt32LE(24);
  header.writeUInt32LE(36 + 4 * length, 4);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(4 * rate, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt32LE(4 * length, 40);
  const samples = new Int16Array(2 * length);
  for (let i = 0; i < length; i++) samples.set([left![i]!, right![i]!], 2 * i);
  await writeFile(path, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

describe('classify', () => {
  it('writes the same table as JSON Lines, CSV and Parquet', async () => {
    const folder = await emptyFolder();
    const wanted = files.map((file) => ({ file, ...said(results.get(file)!) }));
    const outcome = await run(['classify', clips, '--json']);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const lines = outcome.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const inOrder = (rows: Record<string, unknown>[]) =>
      rows.sort((a, b) => (String(a.file) < String(b.file) ? -1 : 1)).map(({ seconds, ...row }) => row);
    expect(lines.every(({ seconds }) => seconds > 1 && seconds < 10)).toBe(true);
    expect(inOrder(lines)).toEqual(inOrder(wanted));
    const parquet = join(folder, 'emotions.parquet');
    expect((await run(['classify', clips, '--out', parquet])).code).toBe(0);
    expect(inOrder(await query(`select * from read_parquet('${parquet}')`))).toEqual(inOrder(wanted));
    const csv = join(folder, 'emotions.csv');
    expect((await run(['classify', `${clips}/*.wav`, '--out', csv])).code).toBe(0);
    const rows = parse(await readFile(csv, 'utf8'), { columns: true, record_delimiter: '\r\n' }) as Record<
      string,
      string
    >[];
    expect(inOrder(rows)).toEqual(
      inOrder(wanted).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
      ),
    );
    expect((await readdir(folder)).sort()).toEqual(['emotions.csv', 'emotions.parquet']);
  });

  it('calls unsure what is below --unsure, and nothing else then', async () => {
    for (const [share, isUnsure] of [
      ['0', false],
      ['1', true],
    ] as const) {
      const { stdout } = await run(['classify', files[0]!, '--json', '--unsure', share]);
      expect(JSON.parse(stdout)).toMatchObject(said(results.get(files[0]!)!, isUnsure));
    }
  });

  it('listens to each channel, or to one', async () => {
    const path = join(await emptyFolder(), 'two.wav');
    await twoChannels(path);
    const wanted = await classifier.classify(await readFile(path), { channel: 'each' });
    const rows = wanted.map((result, channel) => expect.objectContaining({ file: path, channel, ...said(result) }));
    const each = await run(['classify', path, '--json', '--channel', 'each']);
    expect(
      each.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    const one = await run(['classify', path, '--json', '--channel', '1']);
    expect(JSON.parse(one.stdout)).toEqual(rows[1]);
    const none = await run(['classify', path, '--json', '--channel', '2']);
    expect([none.code, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toMatch(/two\.wav: .*channel/);
  });

  it('reads standard input', async () => {
    const input = await readFile(files[0]!);
    const { stdout } = await run(['classify', '-', '--json'], { input });
    expect(JSON.parse(stdout)).toMatchObject({ file: '-', ...said(results.get(files[0]!)!) });
  });

  it('hears an emotion where there is no speech, if it is told to', async () => {
    const samples = Buffer.alloc(44 + 2 * 16_000);
    (await readFile(files[0]!)).copy(samples, 0, 0, 44);
    samples.writeUInt32LE(2 * 16_000, 40);
    const silent = await run(['classify', '-', '--json'], { input: samples });
    expect(JSON.parse(silent.stdout)).toMatchObject({ speech: false, label: null, confidence: null });
    const asked = await run(['classify', '-', '--json', '--no-vad'], { input: samples });
    expect(JSON.parse(asked.stdout)).toMatchObject({ speech: true });
  });

  it('draws a bar for each label, and a page that needs nothing beside it', async () => {
    const report = join(await emptyFolder(), 'report.html');
    const { stdout } = await run(['classify', ...files, '--format', 'bars', '--report', report]);
    const page = await readFile(report, 'utf8');
    for (const file of files) {
      const part = stdout.slice(stdout.indexOf(file)).split('\n\n')[0]!;
      for (const { label, score } of results.get(file)!.scores ?? [])
        expect(part).toMatch(
          new RegExp(`^  ${label} +[█·]{40} +${(100 * score).toFixed(1).replace('.', '\\.')} %$`, 'm'),
        );
      expect(page).toContain(`<h2>${file}, `);
    }
    const spoken = files.filter((file) => results.get(file)!.speech).length;
    expect(page.match(/<svg /g)).toHaveLength(2 * (files.length + spoken)); // for light pages and for dark ones
    expect(page.match(/aria-label="[^"]{20}/g)).toHaveLength(files.length + spoken);
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page.match(/<section>/g)!.length).toBe(page.match(/<\/section>/g)!.length);
    expect(page.endsWith('</html>\n')).toBe(true);
  });
});

describe('timeline', () => {
  it('has a row for each segment, in files', async () => {
    const parquet = join(await emptyFolder(), 'segments.parquet');
    expect((await run(['timeline', clips, '--hop', '1', '--window', '1.5', '--out', parquet])).code).toBe(0);
    for (const file of files) {
      const rows = await query(`select * from read_parquet('${parquet}') where file = '${file}'`);
      const wanted = await classifier.timeline(await readFile(file), { hopSeconds: 1, windowSeconds: 1.5 });
      expect(rows).toEqual(
        wanted.map((segment) => ({ file, start: segment.start, end: segment.end, ...said(segment) })),
      );
    }
  });

  /** What the spans should be. */
  const spansOf = (file: string) => toSpans(timelines.get(file)!, { sureOnly: true });
  const long = () => files.find((file) => basename(file) === 'in-turns.wav')!;

  it('is a TextGrid for each recording (oracle: Praat’s grammar)', async () => {
    const folder = await emptyFolder();
    expect((await run(['timeline', clips, '--format', 'textgrid', '--out', folder])).code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(
      files.map((file) => basename(file, '.wav').concat('.TextGrid')).sort(),
    );
    for (const file of files) {
      const { tiers } = readTextGrid(await readFile(join(folder, `${basename(file, '.wav')}.TextGrid`), 'utf8'));
      expect(tiers).toHaveLength(1);
      expect(tiers[0]!.intervals.map(({ text }) => text)).toEqual(spansOf(file).map(({ label }) => label ?? ''));
      for (const [i, { xmin, xmax }] of tiers[0]!.intervals.entries()) {
        expect(xmin).toBeCloseTo(spansOf(file)[i]!.start, 5);
        expect(xmax).toBeCloseTo(spansOf(file)[i]!.end, 5);
      }
    }
  });

  it('is a document of ELAN that finds its recording (oracle: libxml2)', async () => {
    const folder = await emptyFolder();
    const call = join(folder, 'a & b.wav');
    await twoChannels(call);
    const out = join(folder, 'elan/a.eaf');
    expect((await run(['timeline', call, '--channel', 'each', '--out', out])).code).toBe(0);
    const document = await readFile(out, 'utf8');
    expect(await elanFaults(document)).toEqual([]);
    expect(Object.keys(elanTiers(document))).toEqual(['channel 0', 'channel 1']);
    expect(document).toContain('MEDIA_URL="../a &#38; b.wav"');
  });

  it.skipIf(ffmpegIsMissing)('is WebVTT (oracle: FFmpeg) on standard output', async () => {
    const { stdout } = await run(['timeline', long(), '--format', 'vtt']);
    const vtt = join(await emptyFolder(), 'a.vtt');
    await writeFile(vtt, stdout);
    const read = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', vtt, '-f', 'srt', '-']);
    const spoken = spansOf(long()).filter(({ label }) => label !== undefined);
    expect(spoken.length).toBeGreaterThan(0);
    expect(
      read.stdout
        .trim()
        .split('\n\n')
        .map((cue) => cue.split('\n')[2]),
    ).toEqual(spoken.map(({ label }) => label));
  });

  it('is a label track of Audacity for each channel', async () => {
    const folder = await emptyFolder();
    const call = join(folder, 'two.wav');
    await twoChannels(call);
    const out = join(folder, 'labels');
    expect((await run(['timeline', call, '--channel', 'each', '--format', 'labels', '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['two.0.txt', 'two.1.txt']);
    for (const name of await readdir(out))
      expect(await readFile(join(out, name), 'utf8')).toMatch(/^(\d+\.\d{6}\t\d+\.\d{6}\t\w+\n)+$/);
  });

  it('is a page with charts, and a table of what is heard when', async () => {
    const { stdout } = await run(['timeline', long(), '--format', 'table']);
    expect(stdout.trim().split('\n')).toHaveLength(1 + spansOf(long()).length);
    const page = (await run(['timeline', long(), '--format', 'html'])).stdout;
    expect(page.match(/<figure /g)).toHaveLength(2);
    expect(page.endsWith('</html>\n')).toBe(true);
  });

  it('keeps apart recordings of one name', async () => {
    const folder = await emptyFolder();
    const bytes = await readFile(files[0]!);
    const inputs = ['a.wav', 'a.au', 'A.wav'].map((name) => join(folder, name));
    for (const input of inputs) await writeFile(input, bytes);
    const out = join(folder, 'out');
    expect((await run(['timeline', ...inputs, '--format', 'vtt', '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['A.wav.vtt', 'a.au.vtt', 'a.vtt']);
  });
});
