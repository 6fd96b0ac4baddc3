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
  it('reports changes; short silences do not interrupt', () => {
    const { changes, monitor, summary } = watched('aab--bba');
    expect(changes).toEqual(['>a@0', 'a>b@2', 'b>a@7']);
    expect(summary.spans).toEqual([
      { emotion: 'a', start: 0, end: 2 },
      { emotion: 'b', start: 2, end: 7 },
      { emotion: 'a', start: 7, end: 8 },
    ]);
    expect(monitor.current).toEqual({ emotion: 'a', start: 7, end: 8 });
  });

  it('counts in which seconds the model was sure, and with sureOnly no others (oracle: by hand)', () => {
    const sure = [true, false, undefined, true];
    const heard = (options: EmotionMonitorOptions) => {
      const monitor = new EmotionMonitor(options);
      for (const [i, segment] of segments('aabb').entries()) {
        monitor.observe(segment.speech ? { ...segment, sure: sure[i] } : segment);
      }
      const { emotions, unsureSeconds } = monitor.summary();
      return { unsureSeconds, a: emotions.a, b: emotions.b };
    };
    const all = heard({});
    expect(all).toMatchObject({
      unsureSeconds: 0,
      a: { seconds: 2, sureSeconds: 1 },
      b: { seconds: 2, sureSeconds: 1 },
    });
    const some = heard({ sureOnly: true });
    expect(some).toMatchObject({ unsureSeconds: 1, a: { seconds: 1 }, b: { seconds: 2 } });
    expect(() => new EmotionMonitor({ sureOnly: 1 as never })).toThrow('sureOnly must be true or false');
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

  it('calls a rule once each time that an emotion has lasted for so long', () => {
    const held: string[] = [];
    const onRule = ({ emotion, start, end }: { emotion: string; start: number; end: number }) =>
      held.push(`${emotion} ${start}-${end}`);
    const rules = (emotion: string | string[], seconds: number) => ({ rules: [{ emotion, for: seconds, onRule }] });
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

  const streamed = async function* (letters: string, length = 1) {
    yield* segments(letters, { length });
  };

  it('continues with a second stream where the first ended: seconds add up, nothing overlaps (property)', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[ab-]{0,9}$/), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (streams, length) => {
          const monitor = new EmotionMonitor();
          let summary = monitor.summary();
          for (const letters of streams) summary = await monitor.follow(streamed(letters, length));
          const all = streams.join('');
          const count = (letter: string) => all.split(letter).length - 1;
          expect(summary.seconds).toBe(all.length);
          expect(summary.speechSeconds).toBe(count('a') + count('b'));
          for (const [emotion, { seconds, share, meanConfidence }] of Object.entries(summary.emotions)) {
            expect(seconds).toBe(count(emotion));
            expect(share).toBeCloseTo(count(emotion) / summary.speechSeconds, 9);
            expect(meanConfidence).toBeCloseTo(0.8, 9);
          }
          for (const [i, { start, end }] of summary.spans.entries()) {
            expect(end).toBeGreaterThan(start);
            expect(start).toBeGreaterThanOrEqual(summary.spans[i - 1]?.end ?? 0);
          }
        },
      ),
    ));

  it('what was heard in one stream does not go on in the next', async () => {
    const held: number[] = [];
    const changes: string[] = [];
    const monitor = new EmotionMonitor({
      rules: [{ emotion: 'a', for: 3, onRule: ({ start }) => held.push(start) }],
      onChange: ({ from, to }) => changes.push(`${from?.emotion ?? ''}>${to.emotion}@${to.start}`),
    });
    await monitor.follow(streamed('aa'));
    await monitor.follow(streamed('aa'));
    expect(held).toEqual([]); // two seconds of each
    expect(monitor.summary().spans).toEqual([
      { emotion: 'a', start: 0, end: 2 },
      { emotion: 'a', start: 2, end: 4 },
    ]);
    await monitor.follow(streamed('baaa'));
    expect(held).toEqual([5]);
    expect(changes).toEqual(['>a@0', 'a>b@4', 'b>a@5']);
  });

  it('refuses a segment from before, and a second stream at a time', async () => {
    const monitor = new EmotionMonitor();
    const [first, second] = segments('ab');
    monitor.observe(second!);
    expect(() => monitor.observe(first!)).toThrow(RangeError);
    expect(() => monitor.observe(first!)).toThrow('segment.start must be no earlier');
    expect(monitor.summary()).toMatchObject({ seconds: 2, speechSeconds: 1 });
    const following = monitor.follow(streamed('aaa'));
    let ended = false;
    const other = {
      [Symbol.asyncIterator]: () => streamed('b'),
      return: async () => {
        ended = true;
      },
    };
    await expect(monitor.follow(other)).rejects.toThrow('one stream must have ended');
    expect(ended).toBe(true);
    expect((await following).seconds).toBe(5);
  });

  it('counts nothing of what has no length or has been heard: no share of nothing', () => {
    const monitor = new EmotionMonitor();
    const speech = { speech: true, label: 'a', confidence: 0.8, scores: [], dropped: 0 } as const;
    expect(monitor.summary()).toMatchObject({ seconds: 0, emotions: {} });
    monitor.observe({ ...speech, start: 0, end: 0 });
    expect(monitor.summary()).toMatchObject({ speechSeconds: 0, emotions: {}, spans: [] });
    monitor.observe({ ...speech, start: 0, end: 4 });
    monitor.observe({ ...speech, label: 'b', start: 1, end: 3, dropped: 2 });
    const { emotions, spans, dropped } = monitor.summary();
    expect(emotions).toEqual({ a: { seconds: 4, share: 1, meanConfidence: expect.closeTo(0.8, 9), sureSeconds: 0 } });
    expect(spans).toHaveLength(1);
    expect(dropped).toBe(2);
  });

  const onRule = () => {};
  it.each([
    [{ minConfidence: 2 }, RangeError, 'minConfidence must be'],
    [{ minConfidence: null }, TypeError, 'minConfidence must be'],
    [{ gapSeconds: '3' }, TypeError, 'gapSeconds must be'],
    [{ rules: {} }, TypeError, 'rules must be an array'],
    [{ rules: null }, TypeError, 'rules must be an array'],
    [{ rules: [null] }, TypeError, 'rules[0] must be an object'],
    [{ rules: [{ emotion: 's', for: -1, onRule }] }, RangeError, 'rules[0].for must be'],
    [{ rules: [{ emotion: 's', for: 1 }] }, TypeError, 'rules[0].onRule must be a function'],
    [{ rules: [{ emotion: 's', for: 1, onRule, once: true }] }, TypeError, "no option named 'once'"],
    [{ rules: [{ emotion: [], for: 1, onRule }] }, TypeError, 'rules[0].emotion must be'],
    [{ rules: [{ emotion: '', for: 1, onRule }] }, TypeError, 'rules[0].emotion must be'],
    [{ rules: [{ emotion: ['s', 7], for: 1, onRule }] }, TypeError, 'rules[0].emotion must be'],
    [{ rules: [{ for: 1, onRule }] }, TypeError, 'rules[0].emotion must be'],
    [{ onChange: {} }, TypeError, 'onChange must be a function'],
    [{ onchange: () => {} }, TypeError, "no option named 'onchange'"],
    [null, TypeError, 'options must be an object'],
  ])('says what is wrong: %j', (options, kind, message) => {
    expect(() => new EmotionMonitor(options as never)).toThrow(kind);
    expect(() => new EmotionMonitor(options as never)).toThrow(message);
  });

  it.each([
    [null, 'segment must be an object'],
    [{ speech: false, start: Number.NaN, end: 1, dropped: 0 }, 'segment.start must be'],
    [{ speech: false, start: 2, end: 1, dropped: 0 }, 'segment.end must be'],
    [{ speech: false, start: 0, end: 1 }, 'segment.dropped must be'],
    [{ speech: true, start: 0, end: 1, dropped: 0, label: 'a' }, 'segment.confidence must be'],
  ])('refuses what is no segment: %j', (segment, message) => {
    expect(() => new EmotionMonitor().observe(segment as never)).toThrow(message);
  });
});
