// what is chosen, and what was begun → start, stop, resume; why not; what goes on

import { Button } from '../../parts/button.tsx';
import { chosen, settingsOfForm } from '../../state/corpus.ts';
import { isUnsaved, runOfForm, start, stop, training } from '../../state/training.ts';

/** One button that stays where it is, so that focus does; beside it what else can be done. */
export function StartButtons() {
  const { value: work } = training.work;
  const run = runOfForm.value;
  const isReady = settingsOfForm.value !== undefined || (run !== undefined && chosen.value.is === 'open');
  const isTraining = work === 'training' || work === 'stopping';
  const canResume = run !== undefined && !isUnsaved.value;
  const words =
    work === 'stopping' ? 'Stopping …' : isTraining ? 'Stop' : canResume ? 'Resume' : run ? 'Train anew' : 'Train';
  const press = () => {
    if (isTraining) stop();
    else void start(canResume ? 'run' : run ? 'anew' : 'form');
  };
  return (
    <section class="start" aria-label="Start">
      <div class="actions">
        <Button look="filled" icon={isTraining ? 'stop' : undefined} disabled={!isTraining && !isReady} onClick={press}>
          {words}
        </Button>
        {canResume && !isTraining && (
          <Button disabled={settingsOfForm.value === undefined} onClick={() => void start('anew')}>
            Begin anew
          </Button>
        )}
      </div>
      {!isReady && chosen.value.is !== 'opening' && (
        <p class="secondary">
          {chosen.value.is === 'open' ? 'Mend what is marked above, then train.' : 'Choose recordings first.'}
        </p>
      )}
      <Runs />
    </section>
  );
}

/** Trainings of earlier visits. */
function Runs() {
  if (training.work.value || training.status.value) return null;
  return (
    <ul class="runs">
      {training.runs.value.map(({ settings: { name, epochs }, epochs: done }) => (
        <li key={name}>
          The training “{name}”{' '}
          {done === epochs ? 'is done, but was not saved' : `stopped after epoch ${done} of ${epochs}`}.{' '}
          {chosen.value.is === 'open' ? `Resume it under this name.` : 'Choose its recordings, then resume.'}
        </li>
      ))}
    </ul>
  );
}
