// the model in use → what it has learnt from, and what it is not

import { SHIPPED } from '../engine/choice.ts';
import { classifier } from '../state/classifier.ts';
import { shipped } from '../state/examples.ts';
import { addressOf } from '../state/route.ts';
import { settings } from '../state/settings.ts';
import { voiceInUse } from '../state/voice.ts';

/** Where the source is. */
export const REPOSITORY = 'https://github.com/speech-emotion/speech-emotion';

/** What everyone should know who sees a result. */
export function Footer() {
  return (
    <footer class="foot">
      <div class="foot-columns">
        <section>
          <h2>{isOwn() ? 'A model of your own' : 'Trained on acted speech'}</h2>
          <p>
            {learntFrom()} {ownVoiceToo()}
            {isOwn()
              ? 'Of what it has not heard, expect less.'
              : 'Everyday speech and languages that it has not heard: expect less.'}
          </p>
        </section>
        <section>
          <h2>How it sounds, not how you feel</h2>
          <p>
            It is no lie detector and no medical device. Don’t judge, hire or grade people by it, and ask before you
            analyse a voice.
          </p>
        </section>
        <section>
          <h2>Nothing leaves this device</h2>
          <p>Recordings, results and anything you teach it stay in this browser. It works without a connection.</p>
        </section>
        <section>
          <h2>Code free, weights non-commercial</h2>
          <p>
            Apache 2.0 for the code; the weights that ship are {shipped.model.licence?.split(';')[0]}.{' '}
            <a href={addressOf('about')}>About</a> ·{' '}
            <a href={`${REPOSITORY}/blob/main/docs/model-card.md`}>Model card</a> · <a href={REPOSITORY}>Source</a> ·{' '}
            <a href="https://www.npmjs.com/package/speech-emotion">npm</a>
          </p>
        </section>
      </div>
    </footer>
  );
}

const isOwn = () => settings.model.value !== SHIPPED;

/** From the model's own record of its training. */
function learntFrom(): string {
  if (!isOwn()) return `The model has heard ${shipped.model.speakers} people, most of them acting in a studio.`;
  const model = `The model “${settings.model.value}”`;
  const { value } = classifier;
  if (value.is !== 'ready') return `${model} is ${value.is === 'loading' ? 'being loaded' : 'not to be had'}.`;
  const { speakers, recordings } = value.classifier.settings.training.data;
  return `${model} has learnt from ${recordings} recordings${speakers > 1 ? ` of ${speakers} speakers` : ''}.`;
}

/** What it has learnt since. */
function ownVoiceToo(): string {
  const { value } = voiceInUse;
  if (!value) return '';
  return value.takes.length > 0 ? `And ${value.takes.length} takes of your voice. ` : 'And your voice, from a file. ';
}
