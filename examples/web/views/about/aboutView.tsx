// figures of the results, the model in use → how accurate it is, on whom, what it is not for, whose it is

import { Bars } from '../../parts/bars.tsx';
import { REPOSITORY } from '../../parts/footer.tsx';
import { percent } from '../../state/figures.ts';
import stored from '../../stored/about.json';
import type { About } from '../../stored/about.ts';
import { InUse } from './inUse.tsx';
import { Worse } from './worse.tsx';

const { model, accuracy, worse, ownVoice } = stored as About;

/** The About view. */
export function AboutView() {
  return (
    <article class="about">
      <h1 class="title">About</h1>
      <p class="about-lead">
        This page hears how a voice sounds, not what is said: it names one of the emotions that a model has learnt to
        tell apart, and says how sure it is. All of it is computed on this device.
      </p>
      <InUse />
      <div class="about-column">
        <HowAccurate />
        <OwnVoice />
        <Whose />
      </div>
      <div class="about-column">
        <Limits />
        {worse.length > 0 && <Worse conditions={worse} />}
      </div>
    </article>
  );
}

function HowAccurate() {
  if (!accuracy) {
    return (
      <section>
        <h2>How accurate</h2>
        <p>It has not been measured for the model that ships.</p>
      </section>
    );
  }
  const { uar, war, recalls, women, men, calibrationError, clips, description } = accuracy;
  return (
    <section class="accurate">
      <h2>How accurate</h2>
      <p class="big-figure">
        <strong>{percent(uar.mean)}</strong> of acted emotions recognised, of voices it has never heard
      </p>
      <p>
        The mean over the {recalls.length} emotions, where guessing gives {percent(1 / recalls.length)}; for other
        speakers of the same kind it is likely between {percent(uar.low)} and {percent(uar.high)}. Of all {clips} clips,{' '}
        {percent(war)} are recognised.
        {women !== undefined && men !== undefined && ` Of women ${percent(women)}, of men ${percent(men)}.`} What it
        says to be certain of is off from how often it is right by {percent(calibrationError)} on average.
      </p>
      <Bars
        shares={recalls.toSorted((a, b) => b.score - a.score)}
        label="How many clips of each emotion are recognised"
      />
      <p class="secondary">
        Measured with models of the same kind that were trained without the speakers they were tested on ({description}
        ): the one that ships has heard them all. <a href={`${REPOSITORY}/blob/main/docs/results.md`}>All results</a>
      </p>
    </section>
  );
}

/** By docs/results/personalise.json. */
function OwnVoice() {
  const [without, ...learnt] = ownVoice;
  const best = learnt.at(-1);
  if (!without || !best) return null;
  return (
    <section>
      <h2>If it knows the voice</h2>
      <p>
        On the same clips, {percent(without.uar)} become {percent(best.uar)} where it has learnt the speaker’s voice,
        from {best.description}. <a href="#my-voice">Try it with yours</a>
      </p>
    </section>
  );
}

function Limits() {
  return (
    <section>
      <h2>What it is not for</h2>
      <ul class="points">
        <li>
          Decisions about people: hiring, admission, grading, monitoring, insurance, credit, policing, border control.
          At work and in education, the law of the European Union forbids inferring emotions, with few exceptions.
        </li>
        <li>Detecting lies, or what somebody “really” feels. Diagnosis and therapy: it is no medical device.</li>
        <li>
          It has learnt acted speech of {model.speakers} adults ({model.name}). Children, old and impaired voices, other
          languages and accents, everyday speech: expect less.
        </li>
        <li>Ask before you analyse a voice.</li>
      </ul>
    </section>
  );
}

function Whose() {
  const links: readonly (readonly [string, string])[] = [
    ['Model card', `${REPOSITORY}/blob/main/docs/model-card.md`],
    ['Documentation', `${REPOSITORY}#readme`],
    ['How voices are learnt', `${REPOSITORY}/blob/main/docs/personalising.md`],
    ['Source', REPOSITORY],
    ['npm', 'https://www.npmjs.com/package/speech-emotion'],
  ];
  return (
    <section>
      <h2>Whose it is</h2>
      <p>
        The code is free, under Apache 2.0. The weights of the model that ships are {model.licence?.split(';')[0]}: not
        for commercial use, which the licence of the recordings rules out. It was trained on {model.recordings}{' '}
        recordings ({model.name}) by {model.library}, {model.date}.
      </p>
      {model.citation?.split('\n').map((citation) => (
        <p key={citation} class="secondary">
          {citation}
        </p>
      ))}
      <ul class="links">
        {links.map(([title, address]) => (
          <li key={title}>
            <a href={address}>{title}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
