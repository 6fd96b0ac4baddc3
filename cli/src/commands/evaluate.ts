// a model + labelled clips → how often it is right, and how far its probabilities can be trusted

import { Command } from 'commander';
import type { PrepareProgress } from 'speech-emotion';
import { firstGroup } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';

interface EvaluateFlags {
  readonly model?: string;
  readonly speaker?: (name: string) => string | undefined;
  readonly audit?: string;
  readonly json?: boolean;
}

export function evaluate(): Command {
  return new Command('evaluate')
    .description('How good a model is on labelled clips that it has not been trained on.')
    .argument('<clips...>', 'folders or zip archives: clips in folders named after emotions, or named as RAVDESS does')
    .option('--model <folder or address>', 'a model of your own')
    .option('--speaker <expression>', 'what is told of the speaker by names of files: its first group', firstGroup)
    .option('--audit <file>', 'also a page (HTML) with groups, noise, rooms and telephones: takes many times as long')
    .option('--json', 'all figures, and the answer for each clip, for programs')
    .addHelpText(
      'after',
      `
Intervals of confidence go by speakers; without --speaker, clips that are not of RAVDESS count as those of one.

Examples:
  $ speech-emotion evaluate recordings --model my-model
  $ speech-emotion evaluate recordings --speaker '/([a-z]+)_[^/]*$' --json > figures.json
  $ speech-emotion evaluate recordings --audit audit.html`,
    )
    .action(judge);
}

async function judge(paths: string[], flags: EvaluateFlags): Promise<void> {
  using signal = interruptible();
  const library = await import('speech-emotion');
  const { labelledClips } = await import('../recordings/labelledClips.ts');
  const { openModel } = await import('../openClassifier.ts');
  const { showProgress } = await import('../terminal/progress.ts');
  const progress = showProgress();
  const onProgress = ({ done, total, name }: Pick<PrepareProgress, 'done' | 'total' | 'name'>) =>
    progress.at(done, name, total);
  const model = await openModel(flags.model);
  try {
    const { labels, features } = model.settings;
    const all = await labelledClips(paths, flags.speaker, signal);
    const clips = all.filter(({ label }) => labels.includes(label));
    if (clips.size < all.size) progress.say(`left out, of labels that the model lacks: ${all.size - clips.size}`);
    const examples = await library.prepareExamples(clips, { features, labels, onProgress, signal });
    const result = await library.evaluate(model, examples, { signal });
    if (flags.audit !== undefined) {
      const { audit, auditPage } = await import('speech-emotion/evaluation');
      const { writeFileWhole } = await import('../output/sink.ts');
      const audited = await audit(model, clips, { onProgress, signal });
      await writeFileWhole(flags.audit, auditPage(audited, `Audit of ${flags.model ?? 'the shipped model'}`));
    }
    progress.stop();
    process.stdout.write(`${flags.json ? JSON.stringify(result) : library.formatEvaluation(result)}\n`);
  } finally {
    progress.stop();
    model.network.dispose();
  }
}
