import { expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { predict } from '../../src/model/predict.ts';
import { sound } from '../classifier/sound.ts';
import { tinyExtractor, tinyMatrix, tinyModel } from '../model/tinyModel.ts';
import { describeBackends, hostBackends } from '../support/backends.ts';
import { trainSmall } from './smallTraining.ts';
import { Turns } from './turns.ts';

/*
 * The property: between two steps of long work the host gets a turn. Oracle: a timer that is due at the end of a step has
 * fired by the end of the next. Only turns are counted; nothing is timed.
 */

/** All but the first: whether timers or the next step come first then depends on the phase that the work began in. */
const later = ({ taken }: Turns) => taken.slice(1);

await describeBackends(hostBackends, 'the host gets a turn', () => {
  it('between any two steps of a training', async () => {
    const turns = new Turns();
    await trainSmall({ epochs: 10, onProgress: ({ type }) => type === 'batch' && turns.step() });
    expect(later(turns)).toEqual(Array(28).fill(true)); // between 30 steps, without the first
  });

  it('between any two batches of a prediction', async () => {
    const turns = new Turns();
    const model = tinyModel();
    const matrices = Array.from({ length: 20 }, (_, i) => tinyMatrix(20, i));
    await predict(model, matrices, { batchSize: 1, onPrediction: () => turns.step() });
    expect(later(turns)).toEqual(Array(18).fill(true));
    model.network.dispose();
  });

  it.each([
    ['classify', (classifier: EmotionClassifier) => classifier.classify(sound(0.4), { vad: false })],
    ['timeline', (classifier: EmotionClassifier) => classifier.timeline(sound(0.4), { vad: false })],
    ['explain', (classifier: EmotionClassifier) => classifier.explain(sound(0.4), { steps: 1 })],
  ] as const)('between any two calls of %s on sound in memory', async (_, call) => {
    using classifier = EmotionClassifier.fromModel(tinyModel());
    const turns = new Turns();
    for (let i = 0; i < 12; i++) {
      await call(classifier);
      turns.step();
    }
    expect(later(turns)).toEqual(Array(10).fill(true));
  });

  it('between any two batches of segments without speech', async () => {
    using classifier = EmotionClassifier.fromModel(tinyModel());
    const turns = new Turns();
    const silence = { samples: new Float32Array(30 * 16_000), sampleRate: 16_000 };
    const onProgress = ({ completed }: { completed: number }) => {
      if (completed % 3 === 0) turns.step();
    };
    const segments = await classifier.timeline(silence, { vad: { detector: 'level' }, onProgress });
    expect(segments.every(({ speech }) => !speech)).toBe(true);
    expect(later(turns)).toEqual(Array(Math.floor(segments.length / 3) - 2).fill(true));
  });

  it('in a long silence behind speech', async () => {
    using classifier = EmotionClassifier.fromModel(tinyModel());
    const samples = new Float32Array(120 * 16_000);
    samples.set(sound(2).samples, 16_000);
    const { window } = classifier.settings;
    const windows = (120 * tinyExtractor.framesPerSecond) / window.hopFrames;
    let [turns, isOver] = [0, false];
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    const options = { vad: { detector: 'level' }, trim: false } as const;
    setImmediate(turn);
    await classifier.classify({ samples, sampleRate: 16_000 }, options);
    isOver = true;
    const others = 120 + 2; // a second of sound is read at a time
    expect(turns).toBeGreaterThan(others + (0.9 * windows) / 4);
  });

  it('between any two predictions of one window', async () => {
    const turns = new Turns();
    const model = tinyModel();
    for (let i = 0; i < 12; i++) {
      await predict(model, [tinyMatrix(20, i)]);
      turns.step();
    }
    expect(later(turns)).toEqual(Array(10).fill(true));
    model.network.dispose();
  });
});
