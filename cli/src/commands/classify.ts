// recordings → the emotion of each

import type { Command } from 'commander';
import { recordingsCommand } from './overRecordings.ts';

export function classify(): Command {
  return recordingsCommand('classify')
    .description('The emotion of whole recordings.')
    .addHelpText(
      'after',
      `
Examples:
  $ speech-emotion classify call.mp3
  $ speech-emotion classify calls --out emotions.parquet
  $ speech-emotion classify 'calls/**/*.wav' --json > emotions.jsonl
  $ speech-emotion classify call.mp3 --channel each --unsure 0.5 --format csv
  $ cat call.mp3 | speech-emotion classify - --format bars --report report.html`,
    );
}
