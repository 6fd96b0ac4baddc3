import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmotionClassifier, StreamSegment } from 'speech-emotion';
import { pcm } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClassifier } from '../../src/openClassifier.ts';
import { clips, main, run } from '../support/program.ts';

/* Oracle: the stream of the library over the same samples. */

let classifier: EmotionClassifier;
let samples: Buffer;
let rate: number;

beforeAll(async () => {
  classifier = await openClassifier(undefined);
  const wave = await readFile(join(clips, 'in-turns.wav'));
  rate = wave.readUInt32LE(24);
  samples = Buffer.from(wave.subarray(44));
});

afterAll(() => classifier.dispose());

async function segmentsOf(bytes: Buffer, options: Parameters<typeof pcm>[1], hopSeconds?: number) {
  const stream = classifier.stream(pcm(pieces(bytes), options), { sampleRate: rate, whenBehind: 'wait', hopSeconds });
  const segments: StreamSegment[] = [];
  for await (const segment of stream) segments.push(segment);
  return segments;
}

async function* pieces(bytes: Buffer) {
  yield bytes;
}

const rowsIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const rowOf = ({ start, end, speech, label, confidence, sure, dropped, scores }: StreamSegment) =>
  expect.objectContaining({
    ...{ start, end, speech, dropped, confidence: confidence ?? null },
    label: speech ? (sure === false ? 'unsure' : label) : null,
    ...(scores && { [`score_${scores[0]!.label}`]: scores[0]!.score }),
  });

describe('live', () => {
  it('gives what the library’s stream gives, a line each', async () => {
    const { code, stdout, stderr } = await run(['live', '--rate', String(rate), '--when-behind', 'wait'], {
      input: samples,
    });
    expect([code, stderr]).toEqual([0, '']);
    const wanted = await segmentsOf(samples, {});
    expect(wanted.length).toBeGreaterThan(5);
    expect(rowsIn(stdout)).toEqual(wanted.map(rowOf));
  });

  it('reads other encodings and byte orders, and hops as far as it is told', async () => {
    const swapped = Buffer.from(samples).swap16();
    const parameters = ['--rate', String(rate), '--when-behind', 'wait', '--hop', '2', '--byte-order', 'big'];
    const { stdout } = await run(['live', ...parameters, '--encoding', 's16', '--json'], { input: swapped });
    const wanted = await segmentsOf(samples, {}, 2);
    expect(rowsIn(stdout)).toEqual(wanted.map(rowOf));
    const law = Buffer.alloc(8000, 0xff);
    const { code, stderr } = await run(['live', '--encoding', 'mulaw', '--rate', '8000'], { input: law });
    expect([code, stderr]).toEqual([0, '']);
  });

  it('tells each segment before the sound has ended, and ends with 130 on Ctrl-C', async () => {
    const child = spawn(process.execPath, [main, 'live', '--rate', String(rate)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    child.stdin.write(samples.subarray(0, 2 * rate * 4)); // and it stays open
    let text = '';
    for await (const data of child.stdout) {
      text += data;
      if (text.endsWith('\n') && !child.killed) child.kill('SIGINT');
    }
    const code = child.exitCode ?? (await new Promise((done) => child.on('exit', done)));
    expect(code).toBe(130);
    for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('dropped');
  });
});
