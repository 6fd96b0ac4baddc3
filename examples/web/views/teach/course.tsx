// the course of a training → what goes on, two charts, a table of epochs, what was taken for what

import { LineChart } from '../../parts/lineChart.tsx';
import { percent } from '../../state/figures.ts';
import { type Course as Shown, training } from '../../state/training.ts';
import { Confusion } from './confusion.tsx';

/** What goes on. */
export function Course() {
  const { value: status } = training.status;
  const { value: course } = training.course;
  return (
    <section class="course" aria-label="Course of the training">
      {status && <p class={status.isWrong ? 'error-words' : 'status'}>{status.words}</p>}
      {course && <progress aria-label="Progress of the training" max={1} value={course.share} />}
      {course && <p class="secondary now">{course.now}</p>}
      {course && course.warnings.length > 0 && (
        <ul class="warnings" aria-label="Warnings">
          {course.warnings.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {course && course.labels.length > 0 && <Charts course={course} />}
      {course?.confusion && <Confusion {...{ course }} confusion={course.confusion} />}
      {!status && !course && (
        <p class="unread-box try-empty">
          How it goes appears here: the loss, and how much of what is held out it tells right.
        </p>
      )}
    </section>
  );
}

function Charts({ course }: { course: Shown }) {
  const { records, batches, labels, settings } = course;
  const { epochs } = settings;
  const uars = records.map(({ epoch, validation }) => [epoch, 100 * (validation?.uar ?? 0)] as const);
  const chance = 100 / labels.length;
  return (
    <>
      <figure>
        <h2>Loss</h2>
        <LineChart
          label={lossInWords(course)}
          epochs={epochs}
          lines={[
            { look: 'thin', points: batches },
            { look: 'thick', points: records.map(({ epoch, loss }) => [epoch, loss]), hasDots: true },
            {
              look: 'dashed',
              points: records.flatMap(({ epoch, validation }) =>
                validation ? [[epoch, validation.loss] as const] : [],
              ),
              hasDots: true,
            },
          ]}
        />
        <figcaption>
          <Key look="thin">a batch</Key>
          <Key look="thick">an epoch’s batches</Key>
          <Key look="dashed">held-out clips</Key>
        </figcaption>
      </figure>
      <figure>
        <h2>Recognised of what was held out (UAR)</h2>
        <LineChart
          label={uarInWords(course)}
          epochs={epochs}
          range={[0, 100]}
          unit=" %"
          lines={[
            { look: 'dashed', points: uars, hasDots: true },
            {
              look: 'dotted',
              points: [
                [0, chance],
                [epochs, chance],
              ],
            },
          ]}
        />
        <figcaption>
          <Key look="dashed">mean over the labels</Key>
          <Key look="dotted">by chance</Key>
        </figcaption>
      </figure>
      <EpochTable course={course} />
    </>
  );
}

function Key({ look, children }: { look: string; children: string }) {
  return (
    <span>
      <svg class={`line ${look}`} width="24" height="8" aria-hidden="true">
        <path d="M0 4H24" />
      </svg>
      {children}
    </span>
  );
}

function EpochTable({ course: { records } }: { course: Shown }) {
  return (
    <details class="scores">
      <summary>The charts as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too. */}
      <section class="scores-scroll" tabIndex={0} aria-label="The charts as a table">
        <table class="epochs">
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col">Loss</th>
              <th scope="col">Loss, held out</th>
              <th scope="col">UAR</th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ epoch, loss, validation }) => (
              <tr key={epoch}>
                <th scope="row">{epoch}</th>
                <td>{loss.toFixed(3)}</td>
                <td>{validation?.loss.toFixed(3) ?? '–'}</td>
                <td>{validation ? percent(validation.uar) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** `from 2.07 to 1.93`: the first and the last. */
function fromTo(figures: readonly string[]): string {
  const [first, last] = [figures[0], figures.at(-1)];
  return figures.length > 1 ? `from ${first} to ${last}` : `${last}`;
}

function lossInWords({ records, settings }: Shown): string {
  if (records.length === 0) return 'Loss: no epoch is over yet';
  const held = records.flatMap(({ validation }) => validation?.loss.toFixed(2) ?? []);
  const epochs = `${records.length} of ${settings.epochs} epochs`;
  const onHeld = held.length > 0 ? `, on held-out clips ${fromTo(held)}` : '';
  return `Loss over ${epochs}: in training ${fromTo(records.map(({ loss }) => loss.toFixed(2)))}${onHeld}`;
}

function uarInWords({ records, settings, labels }: Shown): string {
  if (records.length === 0) return 'UAR: no epoch is over yet';
  const uars = records.map(({ validation }) => validation?.uar ?? 0);
  const best = records[uars.indexOf(Math.max(...uars))]!.epoch;
  return (
    `UAR over ${records.length} of ${settings.epochs} epochs: ${fromTo(uars.map(percent))}, highest after epoch ${best}; ` +
    `${percent(1 / labels.length)} would be chance`
  );
}
