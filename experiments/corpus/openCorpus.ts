// what --data and --skip-invalid say → RAVDESS, and a word on what was left out of it

import { DatasetError, type RavdessDataset } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { UsageError } from '../../examples/node/commandLine.ts';

/** Opens RAVDESS. What the library advises callers to do is told in the words of the command line. */
export async function openCorpus(paths: readonly string[], skipInvalid: boolean): Promise<RavdessDataset> {
  try {
    const dataset = await openRavdess(paths, { onInvalid: skipInvalid ? 'skip' : 'throw' });
    const [first] = dataset.skipped;
    const count = dataset.skipped.length;
    if (first) console.log(`Left out ${count} file${count > 1 ? 's' : ''}, the first ${first.name}: ${first.reason}`);
    return dataset;
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new UsageError(error.message.replace("onInvalid: 'skip' leaves", '--skip-invalid leaves'), { cause: error });
  }
}
