// a recording → what spoke for its answer, worked out when it is asked for

import { announce } from './announcement.ts';
import { readyClassifier } from './classifier.ts';
import type { Span } from './player.ts';
import type { Recording } from './recording.ts';
import { settings } from './settings.ts';

/** So much is explained at most, in seconds: of longer recordings, what is seen. */
const MOST_SECONDS = 60;

/** Shows what spoke for the answer, or hides it, or leaves off working it out. */
export async function toggleWhy(recording: Recording, seen: Span): Promise<void> {
  const { why, progress } = recording;
  const { value: outcome } = progress;
  if (why.value?.is === 'working') return why.value.cancel();
  if (why.value) {
    why.value = undefined;
    return;
  }
  if (outcome.is !== 'heard' || !outcome.result.speech) return;
  const abort = new AbortController();
  const cancel = () => abort.abort();
  why.value = { is: 'working', share: 0, cancel };
  try {
    const classifier = await readyClassifier();
    const { label } = outcome.result;
    const part = outcome.seconds > MOST_SECONDS ? partOf(seen) : {};
    const explanation = await classifier.explain(await recording.sound(), {
      ...{ label, channel: settings.channel.value, signal: abort.signal, ...part },
      onProgress({ seconds, totalSeconds }) {
        why.value = { is: 'working', share: totalSeconds ? seconds / totalSeconds : 0, cancel };
      },
    });
    why.value = { is: 'shown', explanation };
    announce(`Shown in the picture: what spoke most for ${label}.`);
  } catch (error) {
    why.value = abort.signal.aborted ? undefined : { is: 'failed', reason: (error as Error).message };
  }
}

function partOf({ from, to }: Span): { start: number; end: number } {
  return { start: from, end: Math.min(to, from + MOST_SECONDS) };
}
