// channels → mono samples

/**
 * The mean of all channels, sample by sample; always a copy.
 *
 * @param channels planar samples, all of one length, at least one channel
 */
export function mixDown(channels: readonly (Float32Array | Float64Array)[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  const mono = new Float32Array(first);
  if (others.length === 0) return mono;
  for (let i = 0; i < mono.length; i++) {
    let sum = first[i]!; // in double precision, rounded once
    for (const channel of others) sum += channel[i]!;
    mono[i] = sum / channels.length;
  }
  return mono;
}
