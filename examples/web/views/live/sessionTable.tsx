// what was said when → a row for each word, the latest first

import { Mark } from '../../parts/mark.tsx';
import { Ribbon } from '../../parts/ribbon.tsx';
import { clock, duration, percent } from '../../state/figures.ts';
import { kindOf, wordsOf } from '../../state/heard.ts';
import type { Report } from '../../state/live.ts';
import type { Span } from '../../state/session.ts';

/** `isLive`: the first row is what is heard now. */
export function SessionTable({ report, isLive }: { report: Report; isLive: boolean }) {
  const { spans, spanCount, threshold } = report;
  const earlier = spanCount - spans.length;
  return (
    <>
      <table class="session">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Sounds</th>
            <th scope="col">How sure</th>
            <th scope="col">For how long</th>
          </tr>
        </thead>
        <tbody>
          {[...spans].reverse().map((span, i) => (
            <Row key={span.start} {...{ span, threshold, isNow: isLive && i === 0 }} />
          ))}
        </tbody>
      </table>
      {earlier > 0 && <p class="secondary">and {earlier} earlier: all of them are in the files.</p>}
    </>
  );
}

const [WIDTH, HEIGHT] = [96, 20];

function Row({ span: { heard, start, end }, threshold, isNow }: { span: Span; threshold: number; isNow: boolean }) {
  const kind = kindOf(heard);
  return (
    <tr data-kind={kind} data-start={start} data-end={end}>
      <td>{isNow ? 'now' : clock(start)}</td>
      <th scope="row">
        <span class={heard.is === 'sure' ? 'sounds' : 'sounds none'}>
          <Mark of={kind} />
          {wordsOf(heard)}
        </span>
      </th>
      <td>{heard.is !== 'noSpeech' && <HowSure heard={heard} threshold={threshold} />}</td>
      <td>{duration(end - start)}</td>
    </tr>
  );
}

function HowSure({ heard, threshold }: { heard: Exclude<Span['heard'], { is: 'noSpeech' }>; threshold: number }) {
  const { is, first, second } = heard;
  const scores = second ? [first, second] : [first];
  // Sure is what was so for as long as it held, whatever its mean.
  const minConfidence = is === 'sure' ? Math.min(threshold, first.score) : 1;
  const segments = [{ start: 0, end: 1, label: first.label, confidence: first.score, scores }];
  return (
    <span class="how-sure">
      <span class="small-ribbon">
        <Ribbon {...{ segments, width: WIDTH, height: HEIGHT, from: 0, seconds: 1, threshold: minConfidence }} />
      </span>
      {is === 'sure' && percent(first.score)}
    </span>
  );
}
