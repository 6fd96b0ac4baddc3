// --data and --skip-invalid → RAVDESS, and a line about what was left out

import { DatasetError, type RavdessDataset } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { UsageError } from '../../examples/node/commandLine.ts';

/** Opens RAVDESS. Errors name the options of the command line where the library's name its own. */
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
