// a recording's picture and ribbon on one axis of time: zoom, scroll, place, what was heard where the pointer is

import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { EmotionSegment } from 'speech-emotion';
import { type Picture as Drawn, PITCHES } from '../pictures/picture.ts';
import { clock, duration, percent } from '../state/figures.ts';
import { heardAs, segmentAt, wordsOf } from '../state/heard.ts';
import type { Caption } from '../state/recording.ts';
import { Mark } from './mark.tsx';
import { Picture } from './picture.tsx';
import { Ribbon } from './ribbon.tsx';
import { TimeAxis } from './timeAxis.tsx';
import { useHeight, useWidth } from './useSize.ts';

/** What is on the stage. */
export interface StageProps {
  readonly name: string;
  readonly seconds: number;
  readonly picture: Drawn | undefined;
  readonly segments: readonly EmotionSegment[];
  readonly threshold: number;
  readonly captions: readonly Caption[];
  readonly emphasis?: Float32Array | undefined;
  /** How many times as wide as the page the whole is. */
  readonly zoom: number;
  /** Up to where the recording has been heard, while it is read. */
  readonly heardUpTo?: number | undefined;
  /** Where it is played, in seconds. */
  readonly time: Signal<number>;
  /** The part that is seen, for whoever wants to know. */
  readonly view: Signal<{ readonly from: number; readonly to: number }>;
  /** Where what is seen shall begin, in seconds: read once, and forgotten. */
  readonly begin: Signal<number | undefined>;
  readonly onSeek: (seconds: number) => void;
  readonly onToggle: () => void;
  readonly onWhy: () => void;
}

/** From one press of an arrow key to the next place, in seconds. */
const STEP = 0.25;

/** The stage: a slider whose value is the place in the recording. */
export function Stage(props: StageProps) {
  const { seconds, zoom, time, view, onSeek, onToggle, onWhy } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const scrolled = useSignal(0);
  const hover = useSignal<number | undefined>(undefined);
  const whole = Math.max(1, width * zoom);
  const from = Math.min(scrolled.value / whole, 1 - width / whole) * seconds;
  const to = from + (width / whole) * seconds;
  useEffect(() => {
    view.value = { from: Math.max(0, from), to };
  }, [from, to]);
  useKeptPlace(scroller, whole, time.peek() / seconds);
  const { value: begin } = props.begin;
  useEffect(() => {
    if (begin === undefined) return;
    scroller.current!.scrollLeft = (begin / seconds) * whole;
    props.begin.value = undefined;
  }, [begin, whole]);

  const secondAt = (event: PointerEvent | MouseEvent) => {
    const { left } = scroller.current!.getBoundingClientRect();
    return Math.min(seconds, Math.max(0, from + ((event.clientX - left) / width) * (to - from)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: time.value - STEP,
      ArrowDown: time.value - STEP,
      ArrowRight: time.value + STEP,
      ArrowUp: time.value + STEP,
      PageDown: time.value - seconds / 10,
      PageUp: time.value + seconds / 10,
      Home: 0,
      End: seconds,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = places[event.key];
    if (place !== undefined) onSeek(Math.min(seconds, Math.max(0, place)));
    else if (event.key === ' ') onToggle();
    else if (event.key.toLowerCase() === 'w') onWhy();
    else return;
    event.preventDefault();
  };
  return (
    <div class="stage">
      <ul class="pitches" aria-hidden="true">
        {PITCHES.map(({ text, at }) => (
          <li key={text} style={{ bottom: `${100 * at}%` }}>
            {text}
          </li>
        ))}
      </ul>
      <div
        class="stage-scroller"
        ref={scroller}
        onScroll={({ currentTarget }) => (scrolled.value = currentTarget.scrollLeft)}
      >
        <div class="stage-whole" style={{ width: `${whole}px` }}>
          <div
            class="stage-view"
            style={{ width: `${width}px` }}
            role="slider"
            tabIndex={0}
            aria-label={`Place in ${props.name}`}
            aria-valuemin={0}
            aria-valuemax={Number(seconds.toFixed(2))}
            aria-valuenow={Number(Math.min(seconds, time.value).toFixed(2))}
            aria-valuetext={placeInWords(props, time.value)}
            onKeyDown={onKeyDown}
            onClick={(event) => onSeek(secondAt(event))}
            onPointerMove={(event) => {
              if (event.pointerType !== 'touch') hover.value = secondAt(event);
            }}
            onPointerLeave={() => (hover.value = undefined)}
          >
            <StageView {...{ ...props, from, to, width }} />
            <Line class="playhead" place={time} {...{ from, to }} />
            <Hovered {...{ hover, from, to, ...props }} />
          </div>
        </div>
      </div>
    </div>
  );
}

/** When the zoom changes, what is played stays where it is. */
function useKeptPlace(scroller: { current: HTMLDivElement | null }, whole: number, place: number): void {
  const before = useRef(whole);
  useEffect(() => {
    const { current } = scroller;
    if (!current || before.current === whole) return;
    const at = place * before.current - current.scrollLeft;
    const isSeen = at >= 0 && at <= current.clientWidth;
    const centre = isSeen ? place : (current.scrollLeft + current.clientWidth / 2) / before.current;
    const offset = isSeen ? at : current.clientWidth / 2;
    current.scrollLeft = centre * whole - offset;
    before.current = whole;
  }, [whole]);
}

function StageView({
  picture,
  segments,
  threshold,
  captions,
  emphasis,
  heardUpTo,
  seconds,
  from,
  to,
  width,
  name,
}: StageProps & { from: number; to: number; width: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const ribbon = useRef<HTMLDivElement>(null);
  const [height, ribbonHeight] = [useHeight(frame), useHeight(ribbon)];
  const share = (second: number) => (second - from) / (to - from);
  return (
    <>
      <div class="captions" aria-hidden={captions.length === 0}>
        {captions.map(({ start, text }, i) => {
          const end = captions[i + 1]?.start ?? seconds;
          if (end <= from || start >= to) return null;
          return (
            <span
              key={start}
              style={{ left: `${100 * share(start)}%`, maxWidth: `${100 * Math.min(1, share(end) - share(start))}%` }}
            >
              {text}
            </span>
          );
        })}
      </div>
      <div class="stage-picture" ref={frame}>
        <Picture {...{ picture, width, height, from, to, emphasis, label: `Spectrogram of ${name}` }} />
      </div>
      <div class="stage-ribbon" ref={ribbon}>
        <Ribbon
          {...{ segments, width, height: ribbonHeight, from, seconds: to - from, threshold, marks: true }}
          ongoing={heardUpTo !== undefined}
          label={ribbonInWords(segments, threshold)}
        />
        {heardUpTo !== undefined && (
          <span class="read-line" style={{ left: `${100 * Math.min(1, share(heardUpTo))}%` }} />
        )}
      </div>
      <TimeAxis {...{ from, to, width }} />
    </>
  );
}

function Line({ place, from, to, ...rest }: { class: string; place: Signal<number>; from: number; to: number }) {
  const { value } = place;
  if (value === 0 || value < from || value > to + 0.01) return null;
  return <span class={rest.class} aria-hidden="true" style={{ left: `${(100 * (value - from)) / (to - from)}%` }} />;
}

function Hovered({
  hover,
  from,
  to,
  segments,
  seconds,
}: { hover: Signal<number | undefined>; from: number; to: number } & Pick<StageProps, 'segments' | 'seconds'>) {
  const second = hover.value;
  if (second === undefined) return null;
  const segment = segmentAt(segments, second);
  const at = (second - from) / (to - from);
  return (
    <>
      <span class="hover-line" aria-hidden="true" style={{ left: `${100 * at}%` }} />
      {segment && second <= segment.end + 0.01 && (
        <div class={at > 0.75 ? 'tooltip to-left' : 'tooltip'} aria-hidden="true" style={{ left: `${100 * at}%` }}>
          <p>
            <span>at {seconds < 60 ? `${second.toFixed(1)} s` : clock(second)}</span>
            <span>{duration(segment.end - segment.start)} heard</span>
          </p>
          {segment.scores ? (
            segment.scores.slice(0, 3).map(({ label, score }) => (
              <p key={label}>
                <Mark of={label} />
                <strong>{label}</strong>
                <strong>{percent(score)}</strong>
              </p>
            ))
          ) : (
            <p>
              <Mark of="no speech" />
              <span>no speech</span>
            </p>
          )}
        </div>
      )}
    </>
  );
}

function placeInWords({ segments, threshold, seconds }: StageProps, time: number): string {
  const place = seconds < 60 ? `${time.toFixed(2)} s` : clock(time);
  const segment = segmentAt(segments, time);
  if (!segment) return place;
  const heard = heardAs(segment, threshold);
  const certainty = heard.is === 'noSpeech' ? '' : `, ${percent(heard.first.score)}`;
  return `${place}: ${heard.is === 'notSure' ? 'not sure, ' : ''}${wordsOf(heard)}${certainty}`;
}

/** What the ribbon shows, change by change; of many changes the first ones. */
function ribbonInWords(segments: readonly EmotionSegment[], threshold: number): string {
  const changes = segments.flatMap((segment, i) => {
    const words = wordsOf(heardAs(segment, threshold));
    const isSame = i > 0 && wordsOf(heardAs(segments[i - 1]!, threshold)) === words;
    return isSame ? [] : [`${words} from ${duration(segment.start)}`];
  });
  if (changes.length === 0) return 'Emotions over time: nothing yet';
  const more = changes.length > 12 ? `, and ${changes.length - 12} more changes` : '';
  return `Emotions over time: ${changes.slice(0, 12).join(', ')}${more}`;
}
