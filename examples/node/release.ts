// a finished run of train.ts → the model and the figures that ship with the package: npx tsx examples/node/release.ts runs/train

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromArtifact, loadModel, toArtifact } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { useBackend } from './backend.ts';
import { readArguments, run } from './commandLine.ts';

const USAGE = `
npx tsx examples/node/release.ts [options]

Packs a trained model with weights of 16 bits into src/pretrained, and its evaluation into docs/results. Only maintainers need it.

  --run FOLDER   the --out of train.ts (default: runs/train)
  --name NAME    name of the evaluation in docs/results (default: first-model)
`;

const root = join(import.meta.dirname, '../..');

await run(async () => {
  const options = readArguments(USAGE, {
    run: { type: 'string', default: 'runs/train' },
    name: { type: 'string', default: 'first-model' },
  });
  await useBackend('cpu');
  const model = await loadModel(modelDirectory(join(options.run, 'model')));
  const artifact = await toArtifact(model, { weightType: 'float16' });
  model.network.dispose();
  (await fromArtifact(artifact)).network.dispose(); // what ships must load

  const folder = join(root, 'src/pretrained');
  await writeFile(join(folder, 'model.json'), JSON.stringify(artifact.json));
  await writeFile(join(folder, 'model.bin'), artifact.weights);
  await mkdir(join(root, 'docs/results'), { recursive: true });
  const evaluation = await readFile(join(options.run, 'evaluation.json'), 'utf8');
  await writeFile(join(root, 'docs/results', `${options.name}.json`), evaluation);
  console.log(`src/pretrained: ${artifact.weights.length} bytes of weights; docs/results/${options.name}.json`);
});
