// recordings → the emotion of each

import { Command } from 'commander';
import { openSound } from 'speech-emotion/node';
import { openClassifier } from '../openClassifier.ts';

export function classify(): Command {
  return new Command('classify')
    .description('The emotion of whole recordings.')
    .argument('<files...>', 'sound files')
    .option('--model <folder or address>', 'a model of your own')
    .action(async (files: string[], { model }: { model?: string }) => {
      const classifier = await openClassifier(model);
      try {
        for (const file of files) {
          const result = await classifier.classify(await openSound(file));
          process.stdout.write(`${JSON.stringify({ file, ...result })}\n`);
        }
      } finally {
        classifier.dispose();
      }
    });
}
