// a model that was trained → saved, taken along, compared with the shipped one

import { Button } from '../../parts/button.tsx';
import { storedModels } from '../../state/classifier.ts';
import { percent } from '../../state/figures.ts';
import { useForRecordings } from '../../state/models.ts';
import { compare, downloadTrained, isUnsaved, saveTrained, training } from '../../state/training.ts';
import type { Comparison, Score } from '../../training/messages.ts';

/** What can be done with the model. */
export function Kept() {
  const { value: course } = training.course;
  const { value: comparison } = training.comparison;
  if (!training.outcome.value || !course) return null;
  const { name } = course.settings;
  const isSaved = !isUnsaved.value && storedModels.value.includes(name);
  return (
    <section class="kept" aria-label="The trained model">
      <h2>The trained model</h2>
      <div class="actions">
        {isSaved ? (
          <Button onClick={() => useForRecordings(name)}>Use it for recordings</Button>
        ) : (
          <Button onClick={() => void saveTrained()}>
            {storedModels.value.includes(name) ? `Save, in place of “${name}”` : 'Save to this browser'}
          </Button>
        )}
        <Button icon="download" onClick={() => void downloadTrained()}>
          Download the model
        </Button>
        <Button onClick={() => void compare()}>Compare with the shipped one</Button>
      </div>
      {comparison && <Compared comparison={comparison} />}
    </section>
  );
}

function Compared({ comparison: { trained, shipped, clips, heard } }: { comparison: Comparison }) {
  const other = 'reason' in shipped ? undefined : shipped;
  const row = (title: string, figure: (score: Score) => number | null | undefined) => (
    <tr key={title}>
      <th scope="row">{title}</th>
      {[trained, other].map((score, i) => {
        const share = score && figure(score);
        return <td key={i}>{typeof share === 'number' ? percent(share) : '–'}</td>;
      })}
    </tr>
  );
  return (
    <>
      <table class="comparison">
        <caption>On the same held-out clips</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Trained here</th>
            <th scope="col">
              Shipped
              {heard && <span class="secondary"> has heard these clips</span>}
            </th>
          </tr>
        </thead>
        <tbody>
          {row('UAR: mean over the labels', ({ uar }) => uar)}
          {row('Of all clips', ({ war }) => war)}
          {trained.labels.map((label, i) => row(label, ({ recalls }) => recalls[i]))}
        </tbody>
      </table>
      <p class="secondary compared">
        {clips} clips. The best epoch of the model trained here was chosen by them, which flatters it a little.
        {'reason' in shipped && ` The shipped model is not asked: ${shipped.reason}.`}
        {heard &&
          other &&
          ` The shipped model has learnt from ${heard}: it has heard these clips, so its figures say nothing about new voices.`}
      </p>
    </>
  );
}
