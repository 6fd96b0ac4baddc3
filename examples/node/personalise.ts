// clips of one speaker, in folders named after emotions → a classifier for that speaker: npx tsx examples/node/personalise.ts FOLDER FILE…
//
// FOLDER holds clips whose emotion is known in FOLDER/neutral, FOLDER/happy, …, and others in FOLDER itself. What is learnt of the voice
// is kept in FOLDER.adaptation and used the next time; remove it to learn again.

import '@tensorflow/tfjs-backend-wasm';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setBackend } from '@tensorflow/tfjs-core';
import { EmotionClassifier, type EmotionResult, type SpeakerClip } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';

const [folder, ...files] = process.argv.slice(2);
if (!folder) throw new Error('Give a folder with clips of one speaker, and files to classify.');

await setBackend('wasm');
const classifier = await EmotionClassifier.load(pretrained);
const kept = `${resolve(folder)}.adaptation`;
const known = await readFile(kept).catch(() => undefined);
const personal = await classifier.personalise(known ?? (await clipsOf(folder)), {
  onProgress: ({ completed, total, speech }) => console.log(`${completed}/${total}${speech ? '' : ': no speech'}`),
});
if (personal.adaptation) await writeFile(kept, personal.adaptation);

for (const file of files) {
  const sound = await readFile(file);
  const [before, after] = [await classifier.classify(sound), await personal.classify(sound)];
  console.log(`${file}: ${inWords(after)}; for all speakers ${inWords(before)}`);
}
personal.dispose();
classifier.dispose();

/** The clips of a folder: labelled in folders that are named so, unlabelled beside them. */
async function clipsOf(path: string, label?: string): Promise<SpeakerClip[]> {
  const clips: SpeakerClip[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const own = join(path, entry.name);
    if (entry.isDirectory()) clips.push(...(await clipsOf(own, entry.name)));
    else clips.push({ sound: await readFile(own), label });
  }
  return clips;
}

function inWords(result: EmotionResult): string {
  return result.speech ? `${result.label}, ${Math.round(100 * result.confidence)} %` : 'no speech';
}
