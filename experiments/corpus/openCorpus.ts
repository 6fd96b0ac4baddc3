// --data, --skip-invalid, --corpora → RAVDESS and other corpora, and a line about what was left out

import { DatasetError, type LabelledDataset, type RavdessDataset } from 'speech-emotion';
import { openCorpora, openRavdess } from 'speech-emotion/node';
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

/** Opens the corpora in folders, which must not hold RAVDESS. Recordings that are not to be used are left out. */
export async function openOtherCorpora(paths: readonly string[]): Promise<LabelledDataset> {
  const dataset = await openCorpora(paths, { onInvalid: 'skip' });
  if (dataset.corpora.includes('RAVDESS')) {
    throw new UsageError('Cannot open corpora: --corpora must hold others than RAVDESS, which --data names');
  }
  const { skipped, size, corpora } = dataset;
  console.log(`${size} clips of ${corpora.join(', ')}; left out: ${skipped.length}`);
  return dataset;
}
