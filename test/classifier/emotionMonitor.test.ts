import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmotionMonitor, type EmotionMonitorOptions } from '../../src/classifier/emotionMonitor.ts';
import type { StreamSegment } from '../../src/classifier/stream.ts';

/* Segments of a second, one after the other unless said otherwise: a letter is an emotion, '-' silence. */

function segments(letters: string, { confidence = 0.8, length = 1 } = {}): StreamSegment[] {
  return Array.from(letters, (letter, i): StreamSegment => {
    const times = { start: Math.max(0, i + 1 - length), end: i + 1, dropped: 0 };
    return letter === '-'
      ? { ...times, speech: false }
      : { ...times, speech: true, label: letter, confidence, scores: [] };
  });
}

function watched(letters: string, options: EmotionMonitorOptions = {}) {
  const changes: string[] = [];
  const monitor = new EmotionMonitor({
    ...options,
    onChange: ({ from, to }) => changes.push(`${from?.emotion ?? ''}>${to.emotion}@${to.start}`),
  });
  for (const segment of segments(letters)) monitor.observe(segment);
  return { monitor, changes, summary: monitor.summary() };
}

describe('EmotionMonitor', () => {
  it('tells of changes, and passes short silence over', () => {
    const { changes, monitor, summary } = watched('aab--bba');
    expect(changes).toEqual(['>a@0', 'a>b@2', 'b>a@7']);
    expect(summary.spans).toEqual([
      { emotion: 'a', start: 0, end: 2 },
      { emotion: 'b', start: 2, end: 7 },
      { emotion: 'a', start: 7, end: 8 },
    ]);
    expect(monitor.current).toEqual({ emotion: 'a', start: 7, end: 8 });
  });

  it('ends a stretch after a long silence; the same emotion after it is a new stretch but no change', () => {
    const { changes, summary } = watched('aa----a', { gapSeconds: 3 });
    expect(changes).toEqual(['>a@0']);
    expect(summary.spans.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [6, 7],
    ]);
    expect(watched('aa----', { gapSeconds: 3 }).monitor.current).toBeUndefined();
  });

  it('tells once of each time that an emotion has gone on for so long', () => {
    const held: string[] = [];
    const onHold = ({ emotion, start, end }: { emotion: string; start: number; end: number }) =>
      held.push(`${emotion} ${start}-${end}`);
    const rules = (emotion: string | string[], seconds: number) => ({ rules: [{ emotion, for: seconds, onHold }] });
    watched('bsssssbssss', rules('s', 3));
    expect(held.splice(0)).toEqual(['s 1-4', 's 7-10']);
    watched('ss--ss-ss', { ...rules('s', 6), gapSeconds: 3 });
    expect(held.splice(0)).toEqual(['s 0-6']);
    watched('ss--ss-ss', { ...rules('s', 5), gapSeconds: 1 });
    expect(held.splice(0)).toEqual(['s 4-9']);
    watched('sfsf', rules(['s', 'f'], 4));
    expect(held.splice(0)).toEqual(['f 0-4']);
    watched('sssss', rules('s', 6));
    expect(held).toEqual([]);
  });

  it('counts what is not sure enough as speech, and as nothing else', () => {
    const monitor = new EmotionMonitor({ minConfidence: 0.5 });
    for (const segment of segments('aa', { confidence: 0.4 })) monitor.observe(segment);
    expect(monitor.summary()).toMatchObject({ speechSeconds: 2, unsureSeconds: 2, emotions: {}, spans: [] });
  });

  it('sums up: seconds add up whatever the overlap, shares to 1 (property)', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[abc-]{1,40}$/),
        fc.integer({ min: 1, max: 5 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (letters, length, confidence) => {
          const monitor = new EmotionMonitor();
          for (const segment of segments(letters, { length, confidence })) monitor.observe(segment);
          const { seconds, speechSeconds, emotions } = monitor.summary();
          expect(seconds).toBe(letters.length);
          expect(speechSeconds).toBe(letters.replaceAll('-', '').length);
          for (const [emotion, { seconds: own, meanConfidence }] of Object.entries(emotions)) {
            expect(own).toBe(letters.split(emotion).length - 1);
            expect(meanConfidence).toBeCloseTo(confidence, 9);
          }
          const shares = Object.values(emotions).map(({ share }) => share);
          if (speechSeconds > 0) expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
          expect(shares).toEqual([...shares].sort((a, b) => b - a));
        },
      ),
    );
  });

  it('follows a stream to its end, and keeps what it has when that fails', async () => {
    const monitor = new EmotionMonitor();
    const stream = async function* (letters: string, error?: Error) {
      yield* segments(letters).map((segment) => ({ ...segment, dropped: 1 }));
      if (error) throw error;
    };
    const summary = await monitor.follow(stream('ab'));
    expect(summary).toMatchObject({ seconds: 2, dropped: 2 });
    const other = new EmotionMonitor();
    await expect(other.follow(stream('abb', new Error('gone')))).rejects.toThrow('gone');
    expect(other.summary().seconds).toBe(3);
  });

  it('says what is wrong', () => {
    expect(() => new EmotionMonitor({ minConfidence: 2 })).toThrow('minConfidence must be');
    expect(() => new EmotionMonitor({ rules: [{ emotion: 's', for: -1, onHold: () => {} }] })).toThrow(
      'rules.for must be',
    );
    expect(() => new EmotionMonitor({ rules: [{ emotion: 's', for: 1 } as never] })).toThrow(
      'onHold must be a function',
    );
    expect(() => new EmotionMonitor({ onchange: () => {} } as never)).toThrow(TypeError);
  });
});
