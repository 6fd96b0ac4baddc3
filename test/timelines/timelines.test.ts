import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmotionSegment } from '../../src/index.ts';
import {
  type TimelineSegment,
  toAudacityLabels,
  toElan,
  toSpans,
  toTextGrid,
  toWebVtt,
} from '../../src/timelines/index.ts';
import { elanFaults, elanTiers } from '../support/elanXml.ts';
import { ffmpegIsMissing } from '../support/ffmpeg.ts';
import { readTextGrid } from '../support/readTextGrid.ts';

/** Four windows of two seconds, of which the last is moved back to end with the recording. */
const SEGMENTS: TimelineSegment[] = [
  { start: 0, end: 2, label: 'happy', confidence: 0.8, sure: true },
  { start: 1, end: 3, label: 'happy', confidence: 0.6, sure: true },
  { start: 2, end: 4 },
  { start: 2.5, end: 4.5, label: 'sad', confidence: 0.4, sure: false },
];
const SPANS = [
  { start: 0, end: 2.5, label: 'happy' },
  { start: 2.5, end: 3.25, label: undefined },
  { start: 3.25, end: 4.5, label: 'sad' },
];

/** Everything that some format writes otherwise. */
const AWKWARD = `a "b" <c> & d --> e's\n\t\u0000 µ 😀 \ud800`;
const PLAIN = 'a "b" <c> & d --> e\'s  µ 😀 �';
const awkward = [{ start: 0, end: 1, label: AWKWARD, confidence: 1 }];

describe('toSpans', () => {
  it('gives each moment to the segment whose middle is nearest, and joins what is alike (oracle: by hand)', () => {
    const spans = toSpans(SEGMENTS);
    expect(spans.map(({ start, end, label }) => ({ start, end, label }))).toEqual(SPANS);
    expect(spans[0]!.confidence).toBeCloseTo((1.5 * 0.8 + 1 * 0.6) / 2.5, 12);
    expect(spans[1]!.confidence).toBeUndefined();
  });

  it('calls unsure what is below a confidence, or what the model is not sure of', () => {
    expect(toSpans(SEGMENTS, { minConfidence: 0.7 }).map(({ label }) => label)).toEqual([
      'happy',
      'unsure',
      undefined,
      'unsure',
    ]);
    expect(toSpans(SEGMENTS, { sureOnly: true }).map(({ label }) => label)).toEqual(['happy', undefined, 'unsure']);
  });

  it('takes what the library gives', () => {
    const segments: EmotionSegment[] = [{ start: 0, end: 1, speech: false }];
    expect(toSpans(segments)).toEqual([{ start: 0, end: 1, label: undefined, confidence: undefined }]);
    expect(toSpans([])).toEqual([]);
  });

  it('overlaps nowhere, and covers what segments cover (property; oracle: the nearest middle, asked at random moments)', () => {
    const hop = fc.record({
      ...{ after: fc.double({ min: 0, max: 3, noNaN: true }), length: fc.double({ min: 0.1, max: 4, noNaN: true }) },
      label: fc.constantFrom('a', 'b', undefined),
    });
    fc.assert(
      fc.property(
        fc.array(hop, { minLength: 1, maxLength: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (hops, at) => {
          let start = 0;
          let end = 0;
          const segments = hops.map(({ after, length, label }) => {
            start += after;
            end = Math.max(end, start + length); // windows end in order, too
            return { start, end, label };
          });
          const spans = toSpans(segments);
          for (const [i, span] of spans.entries()) {
            expect(span.end).toBeGreaterThan(span.start);
            if (i > 0) expect(span.start).toBeGreaterThanOrEqual(spans[i - 1]!.end);
          }
          const moment = at * end;
          const within = segments.filter((one) => one.start <= moment && moment <= one.end);
          const distances = within.map((one) => Math.abs((one.start + one.end) / 2 - moment));
          const nearest = within[distances.indexOf(Math.min(...distances))];
          const found = spans.find((span) => span.start <= moment && moment <= span.end);
          const isTie = distances.filter((one) => Math.abs(one - Math.min(...distances)) < 1e-9).length > 1;
          if (!isTie) expect(found === undefined).toBe(nearest === undefined);
          if (!isTie && nearest) expect(found!.label).toBe(nearest.label);
        },
      ),
    );
  });

  it.each([
    [[{ start: 1, end: 0.5 }], /segments\[0\]\.end must be a number from 1 to .*, got 0.5/],
    [
      [
        { start: 1, end: 2 },
        { start: 0, end: 1 },
      ],
      /segments\[1\]\.start must be a number from 1/,
    ],
    [[{ start: Number.NaN, end: 1 }], /segments\[0\]\.start must be/],
    [[{ start: 0, end: 1, label: '' }], /segments\[0\]\.label must be text/],
    [[{ start: 0, end: 1, label: 'a', confidence: 2 }], /segments\[0\]\.confidence must be/],
    [[null], /segments\[0\] must be an object, got null/],
    ['text', /segments must be an array/],
  ])('refuses %j', (segments, message) => {
    for (const write of [toSpans, toWebVtt, toTextGrid, toElan, toAudacityLabels])
      expect(() => write(segments as never)).toThrow(message);
  });
});

describe('toTextGrid (oracle: Praat’s grammar, written out)', () => {
  it('has an interval for each span, and none missing', () => {
    const { xmax, tiers } = readTextGrid(toTextGrid(SEGMENTS, { seconds: 5 }));
    expect(xmax).toBe(5);
    expect(tiers).toEqual([
      {
        name: 'emotion',
        intervals: [
          ...SPANS.map(({ start, end, label = '' }) => ({ xmin: start, xmax: end, text: label })),
          { xmin: 4.5, xmax: 5, text: '' },
        ],
      },
    ]);
  });

  it('has a tier for each channel', () => {
    const { tiers } = readTextGrid(toTextGrid([SEGMENTS, awkward]));
    expect(tiers.map(({ name }) => name)).toEqual(['channel 0', 'channel 1']);
    expect(tiers[1]!.intervals).toEqual([
      { xmin: 0, xmax: 1, text: PLAIN },
      { xmin: 1, xmax: 4.5, text: '' },
    ]);
    const named = readTextGrid(toTextGrid([SEGMENTS, awkward], { channels: ['a "x"', 'b'] }));
    expect(named.tiers.map(({ name }) => name)).toEqual(['a "x"', 'b']);
  });

  it('has times without gaps, whatever they are (property)', () => {
    const length = fc.double({ min: 1e-9, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.array(length, { minLength: 1, maxLength: 20 }), (lengths) => {
        let at = 0;
        const segments = lengths.map((own, i) => {
          const start = at;
          at += own;
          return { start, end: at, label: i % 3 ? `l${i}` : undefined };
        });
        const { xmax } = readTextGrid(toTextGrid(segments, at < 1e-6 ? { seconds: 1 } : {}));
        if (at >= 1e-6) expect(xmax).toBeCloseTo(at, 5);
      }),
    );
  });

  it('refuses a recording of no length, and one that ends before its segments', () => {
    expect(() => toTextGrid([])).toThrow(/seconds must be a number from 0.000001/);
    expect(() => toTextGrid(SEGMENTS, { seconds: 4 })).toThrow(/seconds must be a number from 4.5 .* got 4/);
    expect(readTextGrid(toTextGrid([], { seconds: 1 })).tiers[0]!.intervals).toEqual([{ xmin: 0, xmax: 1, text: '' }]);
  });
});

describe('toElan (oracle: libxml2, by the schema written out from the format’s description)', () => {
  const date = new Date(0);

  it('has an annotation for each span with a label', async () => {
    const document = toElan(SEGMENTS, { media: 'my "call" & more.wav', date });
    expect(await elanFaults(document)).toEqual([]);
    expect(elanTiers(document)).toEqual({
      emotion: [
        { from: 0, to: 2500, text: 'happy' },
        { from: 3250, to: 4500, text: 'sad' },
      ],
    });
    expect(document).toContain('DATE="1970-01-01T00:00:00.000Z"');
    expect(document).toContain('RELATIVE_MEDIA_URL="./my &#34;call&#34; &#38; more.wav"');
    expect(document).toContain('MIME_TYPE="audio/x-wav"');
  });

  it('has a tier for each channel, slots in order, and what XML has no room for left out', async () => {
    const document = toElan([SEGMENTS, awkward, []], { channels: ['a', '<b>', 'c'], media: 'file:///a/b.mp3' });
    expect(await elanFaults(document)).toEqual([]);
    const tiers = elanTiers(document);
    expect(Object.keys(tiers)).toEqual(['a', '<b>', 'c']);
    expect(tiers['<b>']).toEqual([{ from: 0, to: 1000, text: PLAIN }]);
    const values = [...document.matchAll(/TIME_VALUE="(\d+)"/g)].map(([, value]) => Number(value));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(document).not.toContain('RELATIVE_MEDIA_URL');
  });

  it('is checked by something that finds faults', async () => {
    const document = toElan(SEGMENTS);
    expect(await elanFaults(document.replace('TIME_SLOT_REF1="ts1"', 'TIME_SLOT_REF1="ts99"'))).not.toEqual([]);
    expect(await elanFaults(document.replace('<TIME_ORDER>', '<ORDER>'))).not.toEqual([]);
  });

  it('refuses what is no date', () => {
    expect(() => toElan(SEGMENTS, { date: new Date(Number.NaN) })).toThrow(RangeError);
    expect(() => toElan(SEGMENTS, { date: '2026-01-01' as never })).toThrow(/date must be a valid Date, got "2026/);
  });
});

describe.skipIf(ffmpegIsMissing)('toWebVtt (oracle: FFmpeg)', () => {
  /** Cues as FFmpeg finds them, written as SubRip. */
  async function cues(text: string) {
    const folder = await mkdtemp(join(tmpdir(), 'vtt-'));
    try {
      await writeFile(join(folder, 'a.vtt'), text);
      const parameters = ['-v', 'error', '-i', join(folder, 'a.vtt'), '-f', 'srt', '-'];
      const { stdout, stderr } = await promisify(execFile)('ffmpeg', parameters);
      expect(stderr).toBe('');
      return stdout
        .trim()
        .split('\n\n')
        .map((cue) => cue.split('\n').slice(1));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('has a cue for each span with a label', async () => {
    const text = toWebVtt(SEGMENTS, { title: 'a --> b\nWEBVTT' });
    expect(text).toMatch(/^WEBVTT - a -> b WEBVTT\n\n/);
    expect(await cues(text)).toEqual([
      ['00:00:00,000 --> 00:00:02,500', 'happy'],
      ['00:00:03,250 --> 00:00:04,500', 'sad'],
    ]);
  });

  it('has a voice for each channel, in order of time, and hours', async () => {
    const late = [{ start: 3599.9996, end: 360_000.5, label: 'calm' }];
    const text = toWebVtt([SEGMENTS, late], { channels: ['agent', 'a > b'] });
    expect(text).toContain('<v agent>happy</v>');
    expect(text).toContain('<v a &gt; b>calm</v>');
    expect((await cues(text)).at(-1)![0]).toBe('01:00:00,000 --> 100:00:00,500');
  });

  it('escapes what would begin something else', async () => {
    const text = toWebVtt(awkward);
    expect(text.split('\n').filter((line) => line.includes('-->'))).toHaveLength(1);
    const [[, label]] = (await cues(text)) as [string[]];
    const words = label!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    expect(words).toBe(PLAIN);
  });

  it('is a file of no cues where nobody speaks', () => {
    expect(toWebVtt([{ start: 0, end: 1 }])).toBe('WEBVTT\n');
  });
});

describe('toAudacityLabels (oracle: the format: start, tab, end, tab, text)', () => {
  it('has a line for each span with a label', () => {
    expect(toAudacityLabels(SEGMENTS)).toBe('0.000000\t2.500000\thappy\n3.250000\t4.500000\tsad\n');
    expect(toAudacityLabels(awkward)).toBe(`0.000000\t1.000000\t${PLAIN}\n`);
  });
});

describe('channels', () => {
  it.each([[['a']], [['a', 'a']], [['a', 'b', 'c']]])('refuses %j for two', (channels) => {
    for (const write of [toWebVtt, toTextGrid, toElan])
      expect(() => write([SEGMENTS, awkward], { channels })).toThrow(/channels must be 2 names, each another, got/);
  });

  it('names the segment of a channel that is wrong', () => {
    expect(() => toWebVtt([SEGMENTS, [{ start: 1, end: 0 }]])).toThrow(/segments\[1\]\[0\]\.end must be/);
  });
});
