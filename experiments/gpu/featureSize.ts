// features → whether they fit into a kit

import type { Example } from 'speech-emotion';
import { UsageError } from '../../examples/node/commandLine.ts';

/** A kit is carried by whoever has the machine, often through a narrow door. */
const MOST_BYTES = 40e6;

/**
 * Refuses features that are too large.
 *
 * @param speeds of the copies, which each clip has after itself
 * @throws {UsageError} that says how large they would be, and with which copies they would fit
 */
export function checkSize(examples: readonly Example[], speeds: readonly number[]): void {
  const sizes = [1, ...speeds].map((_, variant) =>
    examples.reduce((sum, { variants }) => sum + 2 * (variants[variant]?.values.length ?? 0), 0),
  );
  const with_ = (copies: number) => sizes.slice(0, copies + 1).reduce((sum, size) => sum + size, 0);
  const bytes = with_(speeds.length);
  if (bytes <= MOST_BYTES) return;
  const fits = speeds.map((_, i) => speeds.length - 1 - i).find((copies) => with_(copies) <= MOST_BYTES);
  throw new UsageError(
    `Cannot write the kit: features must be at most ${megabytes(MOST_BYTES)} in 16 bit, got ${megabytes(bytes)} of ` +
      `${examples.length} clips with ${speeds.length} speed copies each; ${
        fits === undefined
          ? `without any they would be ${megabytes(with_(0))}: give fewer clips`
          : `--speeds ${fits > 0 ? speeds.slice(0, fits).join(',') : 'none'} would take ${megabytes(with_(fits))}, and is another configuration`
      }`,
  );
}

/** E.g. `22.4 MB`, of a million bytes each. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
