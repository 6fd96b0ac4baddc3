// wasm, the built package and the clip of argv → milliseconds from the first import to the first result

const start = performance.now();
const { readFile } = await import('node:fs/promises');
const tf = await import('@tensorflow/tfjs-core');
await import('@tensorflow/tfjs-backend-wasm');
const { EmotionClassifier } = await import('speech-emotion');
const { pretrained } = await import('speech-emotion/pretrained');
tf.env().set('PROD', true);
await tf.setBackend('wasm');
const classifier = await EmotionClassifier.load(pretrained);
const { label } = await classifier.classify(await readFile(process.argv[2]));
console.log(JSON.stringify({ ms: performance.now() - start, label }));
