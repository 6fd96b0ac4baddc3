// what commands that hear sound have in common → their options

import { type Command, Option } from 'commander';
import type { SpanOptions } from 'speech-emotion/timelines';
import { between } from './values.ts';

/** What {@link hearingOptions} say, but for the format. */
export interface HearingFlags {
  readonly model?: string;
  readonly voice?: string;
  readonly unsure?: number;
  readonly vad: boolean;
}

/** Adds them. */
export function hearingOptions(command: Command, formats: readonly string[]): Command {
  return command
    .option('--model <folder or address>', 'a model of your own')
    .option('--voice <file>', 'what personalise has learnt of the speaker')
    .option(
      '--unsure <share>',
      "below that confidence, the label is 'unsure' (default: the model's own)",
      between(0, 1),
    )
    .option('--no-vad', 'also what holds no speech has an emotion')
    .addOption(new Option('--format <name>', 'default: table on a terminal, jsonl elsewhere').choices(formats))
    .option('--json', 'short for --format jsonl');
}

/** What counts as sure. */
export function surenessOf({ unsure }: HearingFlags): SpanOptions {
  return unsure === undefined ? { sureOnly: true } : { minConfidence: unsure };
}
