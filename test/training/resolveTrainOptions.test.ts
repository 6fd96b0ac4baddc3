import { describe, expect, it } from 'vitest';
import { resolveTrainOptions } from '../../src/training/resolveTrainOptions.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { MemoryStore, synthetic } from './synthetic.ts';

const data = synthetic({ clips: 6 });
const resolve = (options: unknown) => resolveTrainOptions(data, options as TrainOptions);
const store = new MemoryStore();
const taught = (row: unknown) => new Map(data.examples.map(({ name }) => [name, row]));

describe('resolveTrainOptions', () => {
  it.each<[string, unknown]>([
    ['options', null],
    ['options', 3],
    ['options', []],
    ['window', { window: null }],
    ['window', { window: 12 }],
    ['window.frames', { window: {} }],
    ['window.frames', { window: { frames: null } }],
    ['window.frames', { window: { frames: 2.5 } }],
    ['window.hopFrames', { window: { frames: 12, hopFrames: null } }],
    ['window.shifts', { window: { frames: 12, shifts: 0 } }],
    ['window.shifts', { window: { frames: 12, shifts: 13 } }],
    ['augment', { augment: true }],
    ['augment.speed', { augment: { speed: 3 } }],
    ['augment.placement', { augment: { placement: 'x' } }],
    ['schedule', { schedule: null }],
    ['schedule.type', { schedule: 'triangle' }],
    ['epochs', { epochs: '3' }],
    ['epochs', { epochs: null }],
    ['clipNorm', { clipNorm: true }],
    ['clipNorm', { clipNorm: null }],
    ['clipNorm', { clipNorm: 0 }],
    ['ema', { ema: null }],
    ['ema', { ema: true }],
    ['patience', { patience: 0, validation: synthetic({ clips: 3, prefix: 'other' }) }],
    ['seed', { seed: 0.5 }],
    ['seed', { seed: '1' }],
    ['chooseBy', { chooseBy: null }],
    ['classWeights', { classWeights: null }],
    ['classWeights', { classWeights: 'even' }],
    ['classWeights', { classWeights: { length: 3 } }],
    ['classWeights[1]', { classWeights: [1, Number.NaN, 1] }],
    ['classWeights[0]', { classWeights: [-1, 1, 1] }],
    ['classWeights[2]', { classWeights: [1, 1, '1'] }],
    ['classWeights', { classWeights: [0, 0, 0] }],
    ['teacher', { teacher: null }],
    ['teacher', { teacher: taught([1, 0, 0]).size }],
    ['teacher.probabilities', { teacher: {} }],
    ['teacher.probabilities', { teacher: { probabilities: { clip0: [1, 0, 0] } } }],
    ['teacher', { teacher: { probabilities: taught([1, 0]) } }],
    ["teacher.probabilities of 'clip0'", { teacher: { probabilities: taught([Number.NaN, 0, 1]) } }],
    ["teacher.probabilities of 'clip0'", { teacher: { probabilities: taught([3, -1, -1]) } }],
    ['teacher.weight', { teacher: { probabilities: taught([1, 0, 0]), weight: null } }],
    ['auxiliary', { auxiliary: null }],
    ['auxiliary', { auxiliary: 'parity' }],
    ['auxiliary', { auxiliary: ['parity'] }],
    ['auxiliary.parity', { auxiliary: { parity: '1' } }],
    ['auxiliary.age', { auxiliary: { age: 1 } }],
    ['checkpoint', { checkpoint: null }],
    ['checkpoint.store', { checkpoint: {} }],
    ['checkpoint.store.load', { checkpoint: { store: {} } }],
    ['checkpoint.store.save', { checkpoint: { store: { load: () => undefined } } }],
    ['checkpoint.everyBatches', { checkpoint: { store, everyBatches: true } }],
    ['checkpoint.onAbort', { checkpoint: { store, onAbort: () => {} } }],
    ['dataset', { dataset: null }],
    ['dataset', { dataset: 'RAVDESS' }],
    ['dataset.name', { dataset: { name: 5 } }],
    ['dataset.licence', { dataset: { licence: null } }],
    ['validation', { validation: null }],
    ['onProgress', { onProgress: true }],
    ['signal', { signal: {} }],
  ])('says what %s must be where it is not: %j', (name, options) => {
    expect(() => resolve(options)).toThrow(/^Cannot train: .*must .*/);
    let message = '';
    try {
      resolve(options);
    } catch (error) {
      expect(['RangeError', 'TypeError']).toContain((error as Error).name);
      message = (error as Error).message;
    }
    expect(message.slice('Cannot train: '.length).startsWith(name)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['epoch', { epoch: 3 }],
    ['window.frame', { window: { frames: 12, frame: 3 } }],
    ['schedule.warmUp', { schedule: { type: 'cosine', warmUp: 0.1 } }],
    ['augment.pitch', { augment: { pitch: 1 } }],
    ['augment.noise.level', { augment: { noise: { level: 1 } } }],
    ['augment.timeMasks.frames', { augment: { timeMasks: { frames: 1 } } }],
    ['augment.frequencyMasks.bins', { augment: { frequencyMasks: { bins: 1 } } }],
    ['augment.mixup.beta', { augment: { mixup: { beta: 1 } } }],
    ['teacher.share', { teacher: { probabilities: taught([1, 0, 0]), share: 1 } }],
    ['checkpoint.every', { checkpoint: { store, every: 1 } }],
    ['dataset.license', { dataset: { license: 'CC0' } }],
  ])('has no option named %s', (name, options) => {
    expect(() => resolve(options)).toThrow(`Cannot train: there is no option named '${name}'`);
  });

  it('takes undefined for what is left out, at every depth', () => {
    const left = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));
    const all = [
      ...['epochs', 'batchSize', 'learningRate', 'schedule', 'weightDecay', 'clipNorm', 'labelSmoothing'],
      ...['classWeights', 'ema', 'augment', 'window', 'seed', 'validation', 'chooseBy', 'patience', 'teacher'],
      ...['auxiliary', 'checkpoint', 'dataset', 'onProgress', 'signal'],
    ];
    expect(resolve(left(all))).toEqual(resolve({}));
    const nested = {
      window: { frames: 112, ...left(['hopFrames', 'shifts']) },
      schedule: { type: 'oneCycle', ...left(['warmup', 'startDivisor', 'endDivisor']) },
      augment: { timeMasks: left(['count', 'maxFrames']), frequencyMasks: left(['count', 'maxBins']) },
      checkpoint: { store, ...left(['everyEpochs', 'everyBatches', 'onAbort']) },
      dataset: left(['name', 'licence', 'citation']),
    };
    expect(resolve(nested)).toEqual(resolve({}));
  });

  it('tells of shifts only where there are some, as checkpoints from before them have it', () => {
    expect(resolve({ window: { frames: 112, shifts: 1 } })).toEqual(resolve({}));
    expect(resolve({ window: { frames: 112, shifts: 2 } })).toMatchObject({ window: { frames: 112, shifts: 2 } });
  });

  it('refuses class weights of 0 for all labels that occur, and takes them for some', () => {
    const one = { ...data, examples: data.examples.map((example) => ({ ...example, label: 1 })) };
    const weights = (classWeights: number[]) => resolveTrainOptions(one, { classWeights }).classWeights;
    expect(() => weights([1, 0, 1])).toThrow(/classWeights must be above 0 for a label that occurs, got \[1,0,1\]/);
    expect(weights([0, 2, 0])).toEqual([0, 2, 0]);
    expect(resolveTrainOptions(one, { classWeights: 'balanced' }).classWeights).toEqual([0, 1, 0]);
  });

  it('lets the default of a range’s other end give way, and names the end that was given (property)', () => {
    const noise = (given: object) => resolve({ augment: { noise: given } }).augment.noise;
    expect(noise({ maxDb: -90 })).toMatchObject({ minDb: -90, maxDb: -90 });
    expect(noise({ minDb: -20 })).toMatchObject({ minDb: -20, maxDb: -20 });
    expect(noise({ maxDb: -50 })).toMatchObject({ minDb: -65, maxDb: -50 });
    expect(() => noise({ minDb: -20, maxDb: -30 })).toThrow('augment.noise.minDb');
    expect(() => noise({ minDb: 1e9 })).toThrow('augment.noise.minDb');
    expect(() => noise({ minDb: 'loud' })).toThrow('augment.noise.minDb');
    expect(() => noise({ maxDb: 'loud' })).toThrow('augment.noise.maxDb');
    expect(() => noise({ maxDb: Object.create(null) })).toThrow('augment.noise.maxDb');
  });
});
