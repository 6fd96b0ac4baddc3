import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  AudioFormatError,
  AudioInputError,
  DatasetError,
  ModelFormatError,
  TrainingError,
} from '../../src/core/errors.ts';
import { fromPlainError, toPlainError } from '../../src/core/plainError.ts';

/** What crosses to another thread. */
const sent = (error: unknown) => fromPlainError(structuredClone(toPlainError(error)));

it.each([
  new RangeError('a range', { cause: new TrainingError('deeper', { cause: 'text' }) }),
  new TypeError('a type'),
  new AudioFormatError('a format'),
  new DatasetError('a file', { file: 'a.wav', cause: new AudioFormatError('no sound') }),
  new ModelFormatError('a model'),
  new AudioInputError('a microphone', { reason: 'busy' }),
  new TrainingError('a loss'),
  Object.assign(new Error('no such file'), { code: 'ENOENT' }),
  new DOMException('stopped', 'AbortError'),
])('%s comes back with its class, message, stack, code, file and causes', (error) => {
  const back = sent(error);
  expect(back.name).toBe(error.name);
  if (!(error instanceof DOMException)) expect(back.constructor).toBe(error.constructor);
  for (const part of ['message', 'stack', 'file', 'reason'] as const) {
    expect(back[part as 'message']).toBe(error[part as 'message']);
  }
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') expect(back).toMatchObject({ code });
  expect('cause' in back).toBe('cause' in error);
});

it('keeps a chain of causes, and makes an error of what is none', () => {
  const { cause } = sent(new RangeError('a', { cause: new TrainingError('b', { cause: 'c' }) }));
  expect(cause).toBeInstanceOf(TrainingError);
  expect((cause as Error).cause).toMatchObject({ message: 'c' });
  expect(sent('words')).toMatchObject({ name: 'Error', message: 'words' });
  expect(sent(undefined).message).toBe('undefined');
});

describe('of errors that are not as they should be', () => {
  /** How many errors there are, with all causes. */
  const depth = (error: unknown): number => (error instanceof Error ? 1 + depth(error.cause) : 0);

  it('one that is its own cause appears once', () => {
    const [a, b] = [new Error('a'), new Error('b')];
    a.cause = b;
    b.cause = a;
    const back = sent(a);
    expect(back).toMatchObject({ message: 'a', cause: { message: 'b' } });
    expect(depth(back)).toBe(2);
    const self = new AggregateError([a], 'all');
    self.errors.push(self);
    expect((sent(self) as AggregateError).errors).toHaveLength(1);
  });

  it('a chain of causes that is too long is cut, and so is a list', () => {
    let error = new Error('the first');
    for (let i = 0; i < 20_000; i++) error = new Error(`cause ${i}`, { cause: error });
    expect(depth(sent(error))).toBe(32);
    const many = new AggregateError(Array.from({ length: 1000 }, (_, i) => new RangeError(`${i}`)));
    expect((sent(many) as AggregateError).errors).toHaveLength(31);
  });

  it('the errors of an AggregateError are there, each of its class', () => {
    const back = sent(new AggregateError([new TrainingError('a'), 'b'], 'all of them')) as AggregateError;
    expect(back).toBeInstanceOf(AggregateError);
    expect(back.message).toBe('all of them');
    expect(back.errors[0]).toBeInstanceOf(TrainingError);
    expect(back.errors[1]).toMatchObject({ name: 'Error', message: 'b' });
  });

  const throwing = (part: string) =>
    Object.defineProperty(new RangeError('odd'), part, {
      get() {
        throw new Error('no');
      },
    });
  it.each([
    ...['name', 'message', 'stack', 'code', 'file', 'reason', 'cause', 'errors'].map((part) => throwing(part)),
    Object.assign(new Error('odd'), { file: () => {}, code: Symbol('code'), reason: {}, name: 7, message: () => {} }),
    Object.assign(new Error('odd'), { stack: new Map(), cause: () => {}, errors: 'none' }),
    Object.create(null),
    Symbol('odd'),
    () => {},
    null,
    undefined,
    Number.NaN,
    runInNewContext('new RangeError("of another realm")'),
    { toString: () => 7 },
    new Proxy(new Error('gone'), {
      get() {
        throw new Error('no');
      },
    }),
  ])('what is thrown can be sent, whatever it is: case %#', (error) => {
    const back = sent(error);
    expect(back).toBeInstanceOf(Error);
    expect(typeof back.message).toBe('string');
  });

  it('a proxy that was revoked is an error like others', () => {
    const { proxy, revoke } = Proxy.revocable(new Error('gone'), {});
    revoke();
    expect(sent(proxy).message).toBe('an error that cannot be read');
  });

  it('one of another realm keeps its class', () => {
    expect(sent(runInNewContext('new RangeError("of another realm")'))).toBeInstanceOf(RangeError);
  });
});
