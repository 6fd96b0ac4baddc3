import { describe, expect, it } from 'vitest';
import { LivePicture } from '../../examples/web/pictures/livePicture.ts';
import { SCALE } from '../../examples/web/pictures/picture.ts';
import { wordsOf } from '../../examples/web/state/heard.ts';
import { SegmentLog } from '../../examples/web/state/segmentLog.ts';
import { HOLD_SECONDS, Session } from '../../examples/web/state/session.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';
import { RandomStream } from '../../src/core/random.ts';

/*
 * What the live view remembers of a session. Oracles: the definition of a word that holds, written out; sums; what was put in.
 */

const LABELS = ['angry', 'calm', 'happy', 'sad'];
const HOP = 0.25;
const WINDOW = 1.5;
const THRESHOLD = 0.5;

/** Segments as a stream gives them: of each, an emotion it is sure of, `a/b` where it is not, or nobody who speaks. */
function segmentsOf(kinds: readonly string[]): StreamSegment[] {
  return kinds.map((kind, i) => {
    const times = { start: i * HOP, end: i * HOP + WINDOW, dropped: 0 };
    if (kind === '-') return { ...times, speech: false };
    const [label, second] = kind.split('/') as [string, string | undefined];
    const [most, next] = second ? [0.45, 0.35] : [0.85, 0.05];
    const rest = LABELS.filter((one) => one !== label && one !== second);
    const scores = [
      { label, score: most },
      ...(second ? [{ label: second, score: next }] : []),
      ...rest.map((one) => ({ label: one, score: (1 - most - (second ? next : 0)) / rest.length })),
    ];
    return { ...times, speech: true, label, confidence: most, scores };
  });
}

/** The word after each segment. */
function wordsAfter(kinds: readonly string[], session = new Session()): (string | undefined)[] {
  return segmentsOf(kinds).map((segment) => {
    session.observe(segment, THRESHOLD);
    return session.span && wordsOf(session.span.heard);
  });
}

const times = (count: number, kind: string) => Array<string>(count).fill(kind);

describe('a session', () => {
  it('has no word until one emotion has held for a second', () => {
    const words = wordsAfter([...times(4, '-'), ...times(6, 'sad')]);
    const held = HOLD_SECONDS / HOP;
    expect(words).toEqual([...times(4 + held, ''), ...times(6 - held, 'sad')].map((word) => word || undefined));
  });

  it('keeps its word over what holds for less than a second, silence too', () => {
    const words = wordsAfter([...times(8, 'sad'), ...times(4, 'angry'), ...times(4, 'sad'), ...times(4, '-'), 'sad']);
    expect(words.slice(4).every((word) => word === 'sad')).toBe(true);
  });

  it('changes its word at most once a second, whatever comes', () => {
    const random = new RandomStream(7);
    const kinds = Array.from(
      { length: 2000 },
      () => ['sad', 'angry', 'happy', 'calm/sad', '-'][Math.floor(5 * random.next())]!,
    );
    const words = wordsAfter(kinds);
    const changes = words.flatMap((word, i) => (i > 0 && word !== words[i - 1] ? [i * HOP] : []));
    for (const [i, at] of changes.entries())
      if (i > 0) expect(at - changes[i - 1]!).toBeGreaterThanOrEqual(HOLD_SECONDS);
  });

  it('is not sure where nothing holds for two seconds', () => {
    const words = wordsAfter([
      ...times(8, 'sad'),
      ...Array.from({ length: 10 }, (_, i) => (i % 2 ? 'angry' : 'happy')),
    ]);
    expect(words.at(-1)).toMatch(/^(angry or happy|happy or angry)$/);
  });

  it('lists stretches without gaps, each from where it was first heard, up to the end', () => {
    const session = new Session();
    wordsAfter([...times(8, 'sad'), ...times(8, 'angry'), ...times(8, '-'), ...times(8, 'sad/calm')], session);
    session.end(32 * HOP + WINDOW - HOP);
    const middles = (segment: number) => segment * HOP + WINDOW / 2 - HOP;
    expect(session.spans.map(({ heard, start, end }) => [wordsOf(heard), start, end])).toEqual([
      ['sad', 0, middles(8)],
      ['angry', middles(8), middles(16)],
      ['no speech', middles(16), middles(24)],
      ['sad or calm', middles(24), 32 * HOP + WINDOW - HOP],
    ]);
  });

  it('has shares that are parts of the speech, what is not sure among them and last', () => {
    const session = new Session();
    wordsAfter([...times(12, '-'), ...times(8, 'sad'), ...times(16, 'sad/calm'), ...times(12, 'happy')], session);
    const seconds = new Map<string, number>();
    for (const { heard, start, end } of session.spans) {
      const kind = heard.is === 'notSure' ? 'not sure' : wordsOf(heard);
      if (heard.is !== 'noSpeech') seconds.set(kind, (seconds.get(kind) ?? 0) + end - start);
    }
    const all = [...seconds.values()].reduce((a, b) => a + b);
    expect(session.speechSeconds).toBeCloseTo(all, 9);
    expect(session.shares.map(({ label }) => label)).toEqual(['happy', 'sad', 'not sure']);
    for (const { label, score } of session.shares) expect(score).toBeCloseTo(seconds.get(label)! / all, 9);
  });
});

describe('a session of many hours', () => {
  it('remembers some thousand stretches, and the shares of all', () => {
    const session = new Session();
    const hours = 8;
    const kinds = Array.from({ length: (hours * 3600) / HOP }, (_, i) => (Math.floor(i / 8) % 3 ? 'sad' : 'angry'));
    wordsAfter(kinds, session);
    expect(session.spans.length).toBeGreaterThan(2000);
    expect(session.spans.length).toBeLessThanOrEqual(5001);
    expect(session.speechSeconds).toBeCloseTo(hours * 3600, -1);
    expect(session.shares[0]).toMatchObject({ label: 'sad', score: expect.closeTo(2 / 3, 2) });
  });
});

describe('the log of segments', () => {
  it('gives back what was put in', () => {
    const segments = segmentsOf(['sad', '-', 'happy/calm']);
    const log = new SegmentLog(LABELS, THRESHOLD);
    for (const segment of segments) log.add(segment);
    const own = log.segments();
    expect(own.map(({ start, end, speech, label }) => [start, end, speech, label])).toEqual(
      segments.map(({ start, end, speech, label }) => [start, end, speech, label]),
    );
    expect(own[0]!.scores).toEqual(segments[0]!.scores);
    expect(own.map(({ sure }) => sure)).toEqual([true, undefined, false]);
    expect(log.segments(1.6).length).toBe(2);
  });

  it('holds some hours, and lets the oldest go', () => {
    const [segment] = segmentsOf(['sad']);
    const log = new SegmentLog(LABELS, undefined);
    const count = 100_000;
    for (let i = 0; i < count; i++) log.add({ ...segment!, start: i, end: i + 1 });
    const own = log.segments();
    expect(own.length).toBeGreaterThan(14_400); // an hour
    expect(own.length).toBeLessThanOrEqual(57_600);
    expect(own.at(-1)!.end).toBe(count);
    expect(own.every(({ start }, i) => start === own[0]!.start + i)).toBe(true);
  });
});

describe('the picture of live sound', () => {
  const { bands } = SCALE;
  const frames = (count: number, startFrame: number, level = (_: number) => -20) => ({
    values: Float32Array.from({ length: count * bands }, (_, i) => level(startFrame + Math.floor(i / bands))),
    ...{ frames: count, bins: bands, startFrame },
  });

  it('has the last half minute at least, and everything in no more than 4000 columns', () => {
    const picture = new LivePicture();
    for (let at = 0; at < 20_000; at += 100) picture.add(frames(100, at));
    expect(picture.seconds).toBe(200);
    const { last, whole } = picture;
    expect(last.picture.columns).toBeGreaterThanOrEqual(3000);
    expect(last.start + last.picture.columns / last.picture.columnsPerSecond).toBe(200);
    expect(whole.picture.columns).toBeLessThanOrEqual(4000);
    expect(whole.picture.columns / whole.picture.columnsPerSecond).toBeCloseTo(200, 1);
  });

  it('shows what is loud where it was, and what has settled stays as it is', () => {
    const loud = (column: number) => (column >= 4000 && column < 4100 ? -10 : -100);
    const live = new LivePicture();
    let before = new Uint8Array();
    for (let at = 0; at < 5500; at += 50) {
      live.add(frames(50, at, loud));
      const { levels } = live.last.picture;
      if (at === 4950) before = levels.slice();
    }
    const { picture, start } = live.last;
    const first = 4000 - 100 * start;
    const level = (column: number) => picture.levels[column * bands]!;
    expect(level(first + 50)).toBeGreaterThan(200);
    expect(level(first - 1)).toBe(0);
    expect(level(first + 100)).toBe(0);
    const settled = (5000 - 200) * bands;
    expect(picture.levels.subarray(0, settled).every((value, i) => value === before[i])).toBe(true);
  });
});
