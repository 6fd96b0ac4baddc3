// wasm, the folder of a package and a clip of argv → the gzipped bytes that Node loads until its first result, the model's by themselves

import fs from 'node:fs';
import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [root, clip] = process.argv.slice(2);
const files = new Set();

// Modules are scripts to the debugger, and the backend reads its WebAssembly from files.
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:') && url !== import.meta.url) files.add(fileURLToPath(url));
});
session.post('Debugger.enable');
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (String(path).endsWith('.wasm')) files.add(resolve(String(path)));
  return readFileSync(path, ...rest);
};

const { resolve: find } = createRequire(join(root, 'package.json'));
const load = (path) => import(pathToFileURL(path).href);
const tf = await load(find('@tensorflow/tfjs-core'));
await load(find('@tensorflow/tfjs-backend-wasm'));
const { EmotionClassifier } = await load(join(root, 'dist/index.js'));
const others = new Set(files);
const { pretrained } = await load(join(root, 'dist/pretrained/index.js'));
const model = [...files].filter((file) => !others.has(file));
tf.env().set('PROD', true);
await tf.setBackend('wasm');
const classifier = await EmotionClassifier.load(pretrained);
const { label } = await classifier.classify(readFileSync(clip));

const bytes = (paths) => [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
console.log(JSON.stringify({ label, files: files.size, model: bytes(model), others: bytes(files) - bytes(model) }));
