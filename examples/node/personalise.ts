// clips of one speaker, in folders named after emotions → a classifier for that speaker: npx tsx examples/node/personalise.ts FOLDER FILE…

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmotionClassifier, type EmotionResult, type SpeakerClip } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from './backend.ts';
import { interruptible, readArguments, run, UsageError } from './commandLine.ts';

const USAGE = `
npx tsx examples/node/personalise.ts FOLDER FILE…

FOLDER holds clips of one speaker: those whose emotion is known in FOLDER/neutral, FOLDER/happy, …, others in FOLDER itself. What is
learnt of the voice is kept in FOLDER/adaptation and used the next time; remove it to learn again. FILEs are classified with it.
`;

await run(async () => {
  const [folder, ...files] = readArguments(USAGE, {}).positionals;
  if (!folder) throw new UsageError('Cannot personalise: give a folder with clips of one speaker. Try --help.');
  const signal = interruptible('Stopped.');
  await useBackend('wasm');
  using classifier = await EmotionClassifier.load(pretrained);
  const kept = join(folder, 'adaptation');
  const known = await readFile(kept).catch(() => undefined);
  using personal = await classifier.personalise(known ?? (await clipsOf(folder, classifier.labels)), { signal });
  if (!known) await writeFile(kept, personal.adaptation!);

  for (const file of files) {
    const sound = await readFile(file);
    const [before, after] = [await classifier.classify(sound), await personal.classify(sound)];
    console.log(`${file}: ${inWords(after)} (for all speakers: ${inWords(before)})`);
  }
});

/** The clips of a folder: labelled in folders that are named so, unlabelled beside them. */
async function clipsOf(folder: string, labels: readonly string[]): Promise<SpeakerClip[]> {
  const clips: SpeakerClip[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) clips.push({ sound: await readFile(path) });
    else if (labels.includes(entry.name)) {
      for (const name of await readdir(path))
        clips.push({ sound: await readFile(join(path, name)), label: entry.name });
    } else throw new UsageError(`Cannot personalise: folders must be named ${labels.join(', ')}, got ${path}`);
  }
  const labelled = clips.filter(({ label }) => label !== undefined);
  console.log(`${clips.length} clips, ${labelled.length} of them with a label`);
  return clips;
}

function inWords(result: EmotionResult): string {
  return result.speech ? `${result.label}, ${Math.round(100 * result.confidence)} %` : 'no speech';
}
