// one sentence in several ways → takes, whether learning them helps, and a voice that the page knows

import { useEffect } from 'preact/hooks';
import { findTakes, lookedAt } from '../../state/myVoice/takes.ts';
import { leaveTake } from '../../state/myVoice/taking.ts';
import { findTrial } from '../../state/myVoice/trial.ts';
import { player, stopPlaying } from '../../state/player.ts';
import { DoesItHelp } from './doesItHelp.tsx';
import { LookedAt } from './lookedAt.tsx';
import { Say } from './say.tsx';
import { Takes } from './takes.tsx';

/** The My voice view. */
export function VoiceView() {
  useEffect(() => {
    void findTrial().then(findTakes);
    return () => {
      leaveTake();
      if (player.recording.peek() === lookedAt.peek()?.recording) stopPlaying();
      lookedAt.value = undefined;
    };
  }, []);
  return (
    <div class="my-voice">
      {lookedAt.value ? <LookedAt key={lookedAt.value.id} take={lookedAt.value} /> : <Say />}
      <DoesItHelp />
      <Takes />
    </div>
  );
}
