// raw samples on standard input → emotions as they come

import { Command, Option } from 'commander';
import { type HearingFlags, hearingOptions, surenessOf } from '../commandLine/hearing.ts';
import { between, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import { ESTIMATE, TIMES } from '../output/columns.ts';
import type { Column } from '../output/rowWriter.ts';

/** As `pcm` of the library has them. */
const ENCODINGS = ['u8', 's16', 's24', 's32', 'f32', 'mulaw', 'alaw'] as const;

interface LiveFlags extends HearingFlags {
  readonly rate: number;
  readonly encoding: (typeof ENCODINGS)[number];
  readonly byteOrder: 'little' | 'big';
  readonly channels: number;
  readonly hop?: number;
  readonly window?: number;
  readonly smooth?: boolean;
  readonly whenBehind: 'drop' | 'wait';
  readonly format?: 'table' | 'jsonl';
  readonly json?: boolean;
}

export function live(): Command {
  const command = new Command('live')
    .description('The emotions of live sound: raw samples on standard input.')
    .option('--rate <hertz>', 'samples a second', whole(1000, 768_000), 16_000)
    .addOption(new Option('--encoding <name>', 'of a sample').choices(ENCODINGS).default('s16'))
    .addOption(new Option('--byte-order <name>', 'of a sample').choices(['little', 'big']).default('little'))
    .option('--channels <number>', 'interleaved, which are averaged', whole(1, 64), 1)
    .option('--hop <seconds>', 'from one result to the next (default: 0.5)', between(0.001, 86_400))
    .option('--window <seconds>', 'length of a segment (default: 2)', between(0.001, 86_400))
    .option('--smooth', 'smooths results over time')
    .addOption(
      new Option('--when-behind <what>', 'drop, for live sound, or wait, for a file that comes faster')
        .choices(['drop', 'wait'])
        .default('drop'),
    );
  return hearingOptions(command, ['table', 'jsonl'])
    .addHelpText(
      'after',
      `
Ctrl-C ends it. Of segments that were left out because there was no time for them, the next one tells the number: dropped.

Examples:
  $ arecord -q -f S16_LE -r 16000 -c 1 -t raw | speech-emotion live
  $ ffmpeg -v error -i call.mp3 -f mulaw -ar 8000 -ac 1 - | speech-emotion live --rate 8000 --encoding mulaw --when-behind wait --json`,
    )
    .action(listen);
}

async function listen(flags: LiveFlags): Promise<void> {
  const { CommandLineFault } = await import('../commandLine/fault.ts');
  if (process.stdin.isTTY)
    throw new CommandLineFault('samples must come on standard input: see the examples of --help');
  if (flags.json && flags.format === 'table')
    throw new CommandLineFault('--json is short for --format jsonl, and there is --format table');
  using signal = interruptible();
  const { openClassifier } = await import('../openClassifier.ts');
  const { pcm } = await import('speech-emotion/node');
  const { openRows } = await import('../output/openRows.ts');
  const { scoreColumns } = await import('../output/scoreColumns.ts');
  const { toStandardOutput } = await import('../output/sink.ts');
  const { estimate } = await import('../results/rows.ts');
  const { paintFor } = await import('../terminal/colours.ts');

  const classifier = await openClassifier(flags.model, flags.voice);
  try {
    const format = flags.json ? 'jsonl' : (flags.format ?? (process.stdout.isTTY ? 'table' : 'jsonl'));
    const columns: Column[] = [
      ...TIMES,
      ...ESTIMATE,
      { name: 'dropped', type: 'integer' },
      ...scoreColumns(classifier.labels),
    ];
    const rows = await openRows(format, columns, toStandardOutput(), paintFor(process.stdout));
    const { encoding, byteOrder, channels, whenBehind, hop: hopSeconds, window: windowSeconds } = flags;
    const stream = classifier.stream(pcm(process.stdin, { format: encoding, byteOrder, channels }), {
      ...{ sampleRate: flags.rate, hopSeconds, windowSeconds, whenBehind, signal },
      ...{ smoothing: flags.smooth ? {} : false, vad: flags.vad ? undefined : false },
    });
    for await (const segment of stream) {
      const { start, end, dropped } = segment;
      await rows.write({ start, end, dropped, ...estimate(segment, surenessOf(flags)) });
    }
    await rows.close();
  } finally {
    classifier.dispose();
  }
}
