// one recording → its spectrogram, and the features that a model takes in: npx tsx examples/node/features.ts FILE

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { FeatureExtractor, LogMel, toWaveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { spectrogram } from '../../cli/src/report/spectrogram.ts';

const file = process.argv[2] ?? new URL('../clips/lively.wav', import.meta.url);
const waveform = await toWaveform(await readFile(file));
const seconds = waveform.samples.length / waveform.sampleRate;
console.log(`${seconds.toFixed(2)} s at ${waveform.sampleRate} Hz`);

// Step by step: each is a class or a function of its own.
const logMel = new LogMel(); // 80 mel bands, frames of 80 ms, one every 25 ms
const levels = logMel.transform(await resample(waveform, logMel.options.sampleRate));
console.log(
  `log-mel spectrogram: [${levels.shape}], ${levels.dtype}; at the start, 3rd band: ${levels.get(0, 2).toFixed(1)} dB`,
);

// As models do it: resampled, silence trimmed, transformed.
const extractor = new FeatureExtractor();
const { values, frames, bins } = await extractor.extract(waveform);
console.log(`input of a model: [${frames}, ${bins}], after silence was trimmed`);
for (let bin = 8; bin < bins; bin += 16) {
  const band = Float64Array.from({ length: frames }, (_, frame) => values[frame * bins + bin]!);
  const mean = band.reduce((sum, level) => sum + level, 0) / frames;
  const most = band.reduce((most, level) => Math.max(most, level), Number.NEGATIVE_INFINITY);
  console.log(
    `  band ${String(bin).padStart(2)}: ${mean.toFixed(1).padStart(6)} dB on average, ${most.toFixed(1)} dB at most`,
  );
}

await mkdir('runs', { recursive: true });
await writeFile('runs/spectrogram.svg', await spectrogram(waveform));
console.log('spectrogram: runs/spectrogram.svg');
