// clips of one speaker → their voice, a small file that --voice of other commands takes

import { Command } from 'commander';
import type { PersonaliseProgress } from 'speech-emotion';
import { CommandLineFault } from '../commandLine/fault.ts';
import { channel } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';

interface PersonaliseFlags {
  readonly out: string;
  readonly unlabelled?: readonly string[];
  readonly model?: string;
  readonly channel: 'mix' | number;
  readonly vad: boolean;
  readonly json?: boolean;
}

export function personalise(): Command {
  return new Command('personalise')
    .description('Learns a voice from some clips of one speaker, for --voice of other commands.')
    .argument('[clips...]', 'files, folders, patterns: clips in folders named after emotions, or named as RAVDESS does')
    .requiredOption('--out <file>', 'where the voice is kept: some kB, in which nobody can hear it')
    .option('--unlabelled <clips...>', 'clips whose emotion nobody knows; they help, too')
    .option('--model <folder or address>', 'a model of your own; the voice is for this one only')
    .option('--channel <which>', 'mix, or the number of a channel', channel('mix'), 'mix')
    .option('--no-vad', 'also what holds no speech counts')
    .option('--json', 'what was learnt from, for programs')
    .addHelpText(
      'after',
      `
A clip or two of each emotion help most, me/happy/a.wav, me/sad/b.wav and so on, recorded as what will be heard later.

Examples:
  $ speech-emotion personalise me --out me.voice && speech-emotion classify call.mp3 --voice me.voice
  $ speech-emotion personalise --unlabelled calls --out me.voice --json
  $ speech-emotion personalise me --unlabelled 'calls/*.wav' --out me.voice`,
    )
    .action(learn);
}

async function learn(given: string[], flags: PersonaliseFlags): Promise<void> {
  const unlabelled = flags.unlabelled ?? [];
  if (given.length + unlabelled.length === 0) throw new CommandLineFault('there are no clips: name files or folders');
  using signal = interruptible();
  const { openClassifier } = await import('../openClassifier.ts');
  const { writeFileWhole } = await import('../output/sink.ts');
  const { labelledBy, speakerClips } = await import('../recordings/speakerClips.ts');
  const { printable } = await import('../terminal/printable.ts');
  const { showProgress } = await import('../terminal/progress.ts');

  using classifier = await openClassifier(flags.model);
  const clips = [
    ...(await speakerClips(given, labelledBy(classifier.labels), signal)),
    ...(await speakerClips(unlabelled, () => undefined, signal)),
  ];
  const progress = showProgress();
  const spoken: SpokenClip[] = [];
  const silent: string[] = [];
  const onProgress = ({ completed, speech }: PersonaliseProgress) => {
    const clip = clips[completed - 1]!;
    progress.at(completed, clip.name, clips.length);
    if (speech) spoken.push(clip);
    else silent.push(clip.name);
  };
  const options = { channel: flags.channel, vad: flags.vad ? undefined : (false as const), signal, onProgress };
  const sounds = clips.map(({ sound, label }) => ({ sound, label }));
  try {
    using personal = await classifier.personalise(sounds, options);
    if (spoken.length === 0) throw new Error('Cannot personalise: clips must hold speech, got none that does');
    await writeFileWhole(flags.out, personal.adaptation!);
  } catch (error) {
    signal.throwIfAborted();
    // The library tells what is wrong with a clip, but not always which one it is.
    const clip = clips[spoken.length + silent.length];
    throw clip ? new Error(printable(`${clip.name}: ${(error as Error).message}`), { cause: error }) : error;
  } finally {
    progress.stop();
  }
  for (const name of silent) progress.say(`${name}: no speech, left out`);
  tell(flags, spoken, silent);
}

interface SpokenClip {
  readonly label: string | undefined;
}

/** Says what the voice was learnt from. */
function tell({ out, json }: PersonaliseFlags, spoken: readonly SpokenClip[], silent: readonly string[]): void {
  const labels: Record<string, number> = {};
  let unlabelled = 0;
  for (const { label } of spoken) {
    if (label === undefined) unlabelled++;
    else labels[label] = (labels[label] ?? 0) + 1;
  }
  if (json) return void process.stdout.write(`${JSON.stringify({ out, labels, unlabelled, silent })}\n`);
  const known = Object.entries(labels).map(([label, count]) => `${count} ${label}`);
  const told = unlabelled > 0 ? [...known, `${unlabelled} without label`] : known;
  const hint = told.length === 1 && unlabelled === 0 ? '; clips of other emotions would help more' : '';
  process.stdout.write(`${out}: ${told.join(', ')}${hint}\n`);
}
