// recordings → the emotions of each over time

import type { Command } from 'commander';
import { between } from '../commandLine/values.ts';
import { recordingsCommand } from './overRecordings.ts';

export function timeline(): Command {
  return recordingsCommand('timeline')
    .description('The emotions of recordings over time.')
    .option(
      '--hop <seconds>',
      'from the start of a segment to the start of the next (default: 0.5)',
      between(0.001, 86_400),
    )
    .option('--window <seconds>', "length of a segment (default: the model's own)", between(0.001, 86_400))
    .addHelpText(
      'after',
      `
vtt, textgrid, eaf and labels, for players of video, Praat, ELAN and Audacity, are a file for each recording; in them, and in the
table, segments that say the same are one.

Examples:
  $ speech-emotion timeline call.mp3
  $ speech-emotion timeline call.mp3 --channel each --out call.vtt
  $ speech-emotion timeline calls --format textgrid --out grids
  $ speech-emotion timeline calls --hop 1 --out segments.parquet
  $ speech-emotion timeline call.mp3 --out report.html`,
    );
}
