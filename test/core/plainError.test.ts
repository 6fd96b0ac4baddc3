import { expect, it } from 'vitest';
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
