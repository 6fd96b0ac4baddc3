// samples, a response → the samples as they come through it

import FFT from 'fft.js';

/**
 * Convolves samples with a response, in blocks by the Fourier transform (overlap-add).
 *
 * @returns as many samples as were given: what comes after them is cut off
 */
export function convolve(samples: Float32Array, response: Float64Array): Float32Array {
  const size = 2 ** Math.max(4, Math.ceil(Math.log2(2 * response.length)));
  const step = size - response.length + 1;
  const fft = new FFT(size);
  const spectrumOf = (values: ArrayLike<number>) => {
    const padded = new Float64Array(size);
    padded.set(values);
    const spectrum = fft.createComplexArray();
    fft.transform(spectrum, fft.toComplexArray(Array.from(padded), fft.createComplexArray()));
    return spectrum;
  };
  const filter = spectrumOf(response);
  const sum = new Float64Array(samples.length);
  const block = fft.createComplexArray();
  for (let start = 0; start < samples.length; start += step) {
    const spectrum = spectrumOf(samples.subarray(start, start + step));
    for (let i = 0; i < 2 * size; i += 2) {
      const [a, b, c, d] = [spectrum[i]!, spectrum[i + 1]!, filter[i]!, filter[i + 1]!];
      spectrum[i] = a * c - b * d;
      spectrum[i + 1] = a * d + b * c;
    }
    fft.inverseTransform(block, spectrum);
    const end = Math.min(samples.length, start + size);
    for (let i = start; i < end; i++) sum[i]! += block[2 * (i - start)]!;
  }
  return Float32Array.from(sum);
}
