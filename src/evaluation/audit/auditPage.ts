// AuditResult → one self-contained HTML file

import { checkObject, shown } from '../../core/check.ts';
import { coverageChart, type Mark, reliabilityChart, rowOfMarks } from './auditCharts.ts';
import type { AuditGroup, AuditResult, AuditView, DoseFigures } from './auditResult.ts';

const STYLE = `
  :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --faint: #5c5c5c; --line: #ddd; --a: #0072b2; --b: #c04f00; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181c; --faint: #a8a8a8; --line: #3a3d44; --a: #56b4e9; --b: #e69f00; } }
  * { box-sizing: border-box; }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; }
  th, td { padding: .2rem .7rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; } td.text { white-space: normal; } th { font-weight: 600; white-space: normal; vertical-align: bottom; }
  td.chart, th.chart { width: 38%; min-width: 6rem; padding-right: 0; }
  .wide { overflow-x: auto; } .faint, footer { color: var(--faint); } small { color: var(--faint); white-space: nowrap; }
  .keys { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .8rem; padding: 0; list-style: none; } .keys li { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; } .keys b { display: block; font-size: 1.5rem; line-height: 1.3; }
  .charts { margin-top: 1.2rem; display: flex; flex-wrap: wrap; gap: 1rem 2rem; } figure { margin: 0; } figcaption { color: var(--faint); max-width: 19rem; }
  svg.row { display: block; width: 100%; height: 1.3rem; overflow: visible; } svg.square { max-width: 100%; height: auto; } svg text { fill: currentColor; font-size: 11px; }
  path { fill: none; vector-effect: non-scaling-stroke; } .axis { stroke: var(--faint); stroke-dasharray: 3 3; } .grid { stroke: var(--line); } .interval { stroke-width: 2px; opacity: .6; } .value { stroke-width: 4px; } .curve { stroke-width: 2px; }
  .a { stroke: var(--a); } .b { stroke: var(--b); } .dot { stroke: none; opacity: .75; } .a.dot { fill: var(--a); } .b.dot { fill: var(--b); } i.a, i.b { font-style: normal; font-weight: 600; } i.a { color: var(--a); } i.b { color: var(--b); }
  .confusion td, .confusion th { white-space: nowrap; } .confusion td { text-align: center; padding: .2rem .4rem; } .confusion td.cell { background: color-mix(in srgb, var(--a) calc(var(--share) * 60%), var(--paper)); }
  summary { cursor: pointer; margin: .6rem 0; }
  @media (max-width: 36rem) { .more { display: none; } th, td { padding-right: .45rem; font-size: .82rem; } td.chart, th.chart { width: auto; min-width: 5rem; } }`;

/**
 * An audit as a page with pictures: one HTML file that loads nothing and runs nothing.
 *
 * @param title of the page
 * @throws {RangeError | TypeError} when the result is no audit of this version
 */
export function auditPage(result: AuditResult, title = 'Audit'): string {
  const { format, version } = checkObject('draw an audit', 'result', result);
  if (format !== 'speech-emotion audit' || version !== 1) {
    throw new RangeError(
      `Cannot draw an audit: result must be an audit of version 1, got ${shown({ format, version })}`,
    );
  }
  const { model, bootstrap, library } = result;
  const level = `${Number((100 * bootstrap.level).toPrecision(6))} %`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
<h1>${escapeHtml(title)}</h1>
${aboutData(result)}
${keyFigures(result)}
${groupsSection(result, level)}
${calibrationSection(result)}
${confusionSection(result.open, model.labels)}
${result.robustness?.length ? robustnessSection(result, level) : ''}
${result.speech ? speechSection(result.speech) : ''}
<footer><p>${escapeHtml(library)}. Intervals: ${level}, ${bootstrap.resamples} draws of speakers, seed ${bootstrap.seed}. Noises: seed ${result.seed}.</p></footer>
</html>
`;
}

const OPEN = '<i class="a">among all labels</i>';
const RESTRICTED = '<i class="b">among the labels that the corpus asked for</i>';

function aboutData({ model, data, restricted }: AuditResult): string {
  const { name, recordings, speakers } = model.trainedOn;
  const left = Object.entries(data.leftOut).map(([label, clips]) => `${clips} ${label}`);
  return [
    `<p>A model of ${escapeHtml(model.labels.join(', '))}, trained on ${escapeHtml(name ?? 'data without a name')} (${recordings} recordings of ${speakers} speakers), ` +
      `was asked about ${data.clips} clips of ${data.speakers} speakers: ${corporaOf(data.corpora)}.` +
      `${left.length > 0 ? ` Left out, since it lacks their labels: ${escapeHtml(left.join(', '))}.` : ''}</p>`,
    restricted ? `<p>Answers are judged ${OPEN}, as in use, and ${RESTRICTED}.</p>` : '',
  ].join('\n');
}

function corporaOf(corpora: AuditResult['data']['corpora']): string {
  return Object.entries(corpora)
    .map(([name, { clips, asked }]) => `${clips} of ${escapeHtml(name || 'no named corpus')} (${asked.length} labels)`)
    .join(', ');
}

function keyFigures({ open, restricted, robustness, speech }: AuditResult): string {
  const { low, high } = open.uarInterval;
  const worst = [...(robustness ?? [])].sort((a, b) => a.open.change - b.open.change)[0];
  const keys = [
    [percent(open.uar), `UAR (${percent(low)} to ${percent(high)})`],
    ...(restricted ? [[percent(restricted.uar), 'UAR among the labels asked for']] : []),
    [open.calibration.ece.toFixed(3), 'expected calibration error'],
    ...(open.sure?.accuracy == null
      ? []
      : [[percent(open.sure.accuracy), `right when sure, of ${percent(open.sure.coverage)} of the clips`]]),
    ...Object.entries(open.gaps).map(([group, { best, worst: least, difference }]) => [
      points(difference),
      `points by ${group}: ${best} above ${least}`,
    ]),
    ...(worst
      ? [[points(worst.open.change), `points of UAR by the worst change of sound: ${worst.name}, ${worst.dose}`]]
      : []),
    ...(speech ? [[percent(speech.nonSpeechTaken), 'of sounds without speech taken for speech']] : []),
  ];
  const items = keys.map(([value, text]) => `<li><b>${value}</b>${escapeHtml(text!)}</li>`);
  return `<ul class="keys">${items.join('')}</ul>`;
}

/** Groups of more values are folded away. */
const MANY = 12;

function groupsSection({ open, restricted }: AuditResult, level: string): string {
  const tables = Object.entries(open.groups).map(([group, values]) => {
    const names = Object.keys(values);
    const rows = names.map((name) => groupRow(name, open.uar, values[name]!, restricted?.groups[group]?.[name]));
    const head = `<tr><th>${escapeHtml(group)}</th><th>clips</th><th class="more">speakers</th><th>UAR</th>${restricted ? '<th>asked for</th>' : ''}<th class="chart">0 to 100 %, all clips dotted</th></tr>`;
    const table = `<div class="wide"><table>${head}${rows.join('')}</table></div>`;
    const gaps = [open.gaps[group], restricted?.gaps[group]].map((gap, i) =>
      gap
        ? `<p>${i === 0 ? OPEN : RESTRICTED}: ${escapeHtml(gap.best)} above ${escapeHtml(gap.worst)} by ${points(gap.difference)} points (${points(gap.interval.low)} to ${points(gap.interval.high)})</p>`
        : '',
    );
    const body = `${table}${gaps.join('')}`;
    return names.length > MANY
      ? `<details><summary>By ${escapeHtml(group)}: ${names.length}</summary>${body}</details>`
      : `<h3>By ${escapeHtml(group)}</h3>${body}`;
  });
  return `<section><h2>For whom it is right</h2>
<p class="faint">Unweighted average recall, UAR, with the ${level} interval over speakers. Of one speaker there is none. The gaps are those between the best and the worst.</p>
${tables.join('\n')}</section>`;
}

function groupRow(name: string, all: number, open: AuditGroup, restricted: AuditGroup | undefined): string {
  const views = restricted ? [open, restricted] : [open];
  const cells = views.map(({ uar }) => `<td>${percent(uar)}</td>`).join('');
  const marks = views.map(({ uar, uarInterval: { low, high } }, i) => markOf(uar, low, high, i));
  return `<tr><td>${escapeHtml(name)}</td><td>${open.clips}</td><td class="more">${open.speakers}</td>${cells}<td class="chart">${rowOfMarks(marks, [0, 1], all)}</td></tr>`;
}

function markOf(value: number, low: number, high: number, view: number): Mark {
  return { value, low, high, series: view === 0 ? 'a' : 'b' };
}

function calibrationSection({ open, restricted }: AuditResult): string {
  const views = [
    { view: open, series: 'a', text: OPEN },
    ...(restricted ? [{ view: restricted, series: 'b', text: RESTRICTED }] : []),
  ];
  const rows = views.map(
    ({ view: { calibration, sure }, text }) =>
      `<tr><td class="text">${text}</td><td>${calibration.nll.toFixed(3)}</td><td>${calibration.brier.toFixed(3)}</td><td>${calibration.ece.toFixed(3)}</td>` +
      `<td>${sure ? `${sure.accuracy === null ? '–' : percent(sure.accuracy)} <small>of ${percent(sure.coverage)}</small>` : '–'}</td></tr>`,
  );
  const reliability = reliabilityChart(views.map(({ view, series }) => ({ bins: view.calibration.bins, series })));
  const coverage = coverageChart(views.map(({ view, series }) => ({ points: view.riskCoverage, series })));
  return `<section><h2>Whether its probabilities can be trusted</h2>
<div class="wide"><table><tr><th></th><th>NLL</th><th>Brier</th><th>ECE</th><th>right when sure</th></tr>${rows.join('')}</table></div>
<div class="charts">
<figure role="img" aria-label="Reliability: accuracy over confidence">${reliability}<figcaption>Clips by the probability of the label predicted: a circle on the line says that as many are right. Large circles are many clips.</figcaption></figure>
<figure role="img" aria-label="Risk and coverage: accuracy among the surest clips, over their share">${coverage}<figcaption>How many are right among the surest, the fewer the further left.</figcaption></figure>
</div></section>`;
}

function confusionSection({ confusion, recalls }: AuditView, labels: readonly string[]): string {
  const rows = confusion.map((row, truth) => {
    const clips = row.reduce((a, b) => a + b, 0);
    const cells = row.map((count) => `<td class="cell" style="--share:${share(count, clips)}">${count}</td>`);
    const recall = recalls[truth];
    return `<tr><th>${escapeHtml(labels[truth]!)}</th>${cells.join('')}<td>${recall == null ? '–' : percent(recall)}</td></tr>`;
  });
  const head = labels.map((label) => `<th>${escapeHtml(label)}</th>`).join('');
  return `<section><h2>What it takes for what</h2>
<p class="faint">Rows: the truth; columns: the answer, among all labels.</p>
<div class="wide"><table class="confusion"><tr><th></th>${head}<th>recall</th></tr>${rows.join('')}</table></div></section>`;
}

function share(part: number, whole: number): string {
  return (whole > 0 ? part / whole : 0).toFixed(3);
}

function robustnessSection({ robustness, restricted }: AuditResult, level: string): string {
  const doses = robustness ?? [];
  const figures = doses.flatMap(({ open, restricted: among }) => (among ? [open, among] : [open]));
  const ends = figures.flatMap(({ change, changeInterval: { low, high } }) => [change, low, high]);
  const from = Math.min(-0.1, Math.floor(10 * Math.min(...ends)) / 10);
  const to = Math.max(0.1, Math.ceil(10 * Math.max(...ends)) / 10);
  const rows = doses.map(({ name, dose, open, restricted: among }, i) => {
    const views: DoseFigures[] = among ? [open, among] : [open];
    const marks = views.map(({ change, changeInterval: { low, high } }, k) => markOf(change, low, high, k));
    const first = doses[i - 1]?.name !== name;
    return (
      `<tr><td>${first ? escapeHtml(name) : ''}</td><td>${escapeHtml(dose)}</td>${views.map(({ change }) => `<td>${points(change)}</td>`).join('')}` +
      `<td>${percent(open.unchanged)}</td><td class="more">${open.shift.toFixed(3)}</td><td class="chart">${rowOfMarks(marks, [from, to], 0)}</td></tr>`
    );
  });
  return `<section><h2>What changes of the sound do to it</h2>
<p class="faint">Change of the UAR in points, with its ${level} interval; share of the clips whose label stays; how far the probabilities move on average (half of the sum of their changes).</p>
<div class="wide"><table><tr><th>change</th><th>dose</th><th>of the UAR</th>${restricted ? '<th>asked for</th>' : ''}<th>label stays</th><th class="more">shift</th><th class="chart">${points(from)} to ${points(to)}</th></tr>${rows.join('')}</table></div></section>`;
}

function speechSection({ nonSpeech, nonSpeechTaken, speechMissed }: NonNullable<AuditResult['speech']>): string {
  const rows = Object.entries(nonSpeech).map(
    ([kind, { sounds, taken }]) => `<tr><td>${escapeHtml(kind)}</td><td>${sounds}</td><td>${taken}</td></tr>`,
  );
  return `<section><h2>Whether it keeps silent where nobody speaks</h2>
<p>${percent(nonSpeechTaken)} of the sounds without speech were taken for speech; ${percent(speechMissed)} of the clips were not.</p>
<div class="wide"><table><tr><th>sound</th><th>how many</th><th>taken for speech</th></tr>${rows.join('')}</table></div></section>`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Of differences, in points of a hundred. */
function points(difference: number): string {
  const value = (100 * difference).toFixed(1);
  return Number(value) === 0 ? '0.0' : `${difference > 0 ? '+' : '−'}${value.replace('-', '')}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
