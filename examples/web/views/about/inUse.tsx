// the model and the voice in use → what the page listens with now

import { SHIPPED } from '../../engine/choice.ts';
import { classifier } from '../../state/classifier.ts';
import { settings } from '../../state/settings.ts';
import { voiceInUse } from '../../state/voice.ts';

/** Said where it is not the shipped model as it ships: the figures beneath are of that one. */
export function InUse() {
  const { value } = classifier;
  const model = settings.model.value;
  const voice = voiceInUse.value;
  if (value.is !== 'ready' || (model === SHIPPED && !voice)) return null;
  return (
    <section class="panel">
      <h2>In use now</h2>
      {model !== SHIPPED && <OwnModel name={model} {...value.classifier.settings.training} />}
      {voice && (
        <p>
          {voice.takes.length > 0
            ? `It has learnt your voice, from ${voice.takes.length} takes. `
            : 'It has learnt your voice, by a file. '}
          <a href="#my-voice">My voice</a>
        </p>
      )}
    </section>
  );
}

type Training = typeof import('speech-emotion/worker')['RemoteClassifier']['prototype']['settings']['training'];

function OwnModel({ name, data, evaluation, date }: { name: string } & Training) {
  const [[metric, score] = []] = Object.entries(evaluation?.metrics ?? {});
  return (
    <p>
      Your own model “{name}”, trained on {data.recordings} recordings of {data.speakers} speakers ({date.slice(0, 10)}
      ).{' '}
      {evaluation && score !== undefined
        ? `Measured (${evaluation.protocol}): ${metric} ${Math.round(100 * score)} %.`
        : 'How accurate it is has not been measured.'}{' '}
      What follows is about the model that ships.
    </p>
  );
}
