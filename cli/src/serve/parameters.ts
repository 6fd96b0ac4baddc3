// the query of a request → options of the library

import { Problem } from './problem.ts';

interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A parameter of a query: its name is the option's. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** As OpenAPI has it. */
  readonly schema: Readonly<Record<string, unknown>> & Range;
}

/** Calls that take a file. */
export type FileCall = 'classify' | 'timeline';

/** What a server allows, so that no answer is larger and no window longer than it can hold. */
export const LEAST_HOP_SECONDS = 0.1;
/** The longest window, and the most sound that may wait. */
export const MOST_SECONDS = 60;

const common: readonly Parameter[] = [
  {
    name: 'channel',
    description: 'Which channel is listened to, from 0 on, or their mix; `each` gives an array, one answer a channel.',
    schema: {
      anyOf: [
        { type: 'string', enum: ['mix', 'each'] },
        { type: 'integer', minimum: 0 },
      ],
      default: 'mix',
    },
  },
  {
    name: 'topK',
    description: 'How many of the likeliest labels to keep in `scores`; all where it is left out.',
    schema: { type: 'integer', minimum: 1 },
  },
  {
    name: 'vad',
    description: 'Voice activity detection: `false` classifies whatever there is, speech or not.',
    schema: { type: 'boolean', default: true },
  },
];

/** The parameters of each call. */
export const PARAMETERS: Readonly<Record<FileCall, readonly Parameter[]>> = {
  classify: [
    ...common,
    {
      name: 'trim',
      description: 'Whether silence at both ends is cut off first.',
      schema: { type: 'boolean', default: true },
    },
  ],
  timeline: [
    ...common,
    {
      name: 'hopSeconds',
      description: 'From the start of one segment to the start of the next.',
      schema: { type: 'number', minimum: LEAST_HOP_SECONDS, maximum: MOST_SECONDS, default: 0.5 },
    },
    {
      name: 'windowSeconds',
      description: 'Length of a segment; the length that the model was trained on where it is left out.',
      schema: { type: 'number', maximum: MOST_SECONDS },
    },
  ],
};

/**
 * The options that a query asks for. What is no number, or out of range, is left to the library to refuse, in its words.
 *
 * @throws {Problem} when a parameter is unknown, there twice, or beyond what this server allows
 */
export function optionsOf(call: FileCall, query: URLSearchParams): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, text] of query) {
    const parameter = PARAMETERS[call].find((one) => one.name === name);
    if (!parameter) throw new Problem(400, `Cannot ${call}: there is no parameter ${JSON.stringify(name)}`);
    if (name in options) throw new Problem(400, `Cannot ${call}: ${name} must be given once`);
    const value = meant(text);
    if (parameter.schema.type === 'number') checkRange(call, name, value, parameter.schema); // seconds
    options[name] = value;
  }
  if (options.vad === true) delete options.vad; // the default, with options of its own
  return options;
}

/** @throws {Problem} when it is a number beyond what this server allows */
export function checkRange(
  action: string,
  name: string,
  value: unknown,
  { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: Range,
): void {
  if (typeof value !== 'number' || (value >= minimum && value <= maximum)) return;
  const range = [
    ...(Number.isFinite(minimum) ? [`at least ${minimum}`] : []),
    ...(Number.isFinite(maximum) ? [`at most ${maximum}`] : []),
  ].join(' and ');
  throw new Problem(400, `Cannot ${action}: ${name} must be ${range} on this server, got ${value}`);
}

/** The value that a text stands for: true, false, a number, or the text itself. */
export function meant(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}
