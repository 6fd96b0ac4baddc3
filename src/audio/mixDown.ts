// channels → mono samples

/**
 * The mean of all channels, sample by sample; always a copy.
 *
 * @param channels planar samples, all of one length, at least one channel
 */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  const mono = first.slice();
  if (others.length === 0) return mono;
  for (let i = 0; i < mono.length; i++) {
    let sum = mono[i]!; // in double precision, rounded once
    for (const channel of others) sum += channel[i]!;
    mono[i] = sum / channels.length;
  }
  return mono;
}
