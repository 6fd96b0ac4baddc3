// the examples → small pictures that lead to them

import { useEffect } from 'preact/hooks';
import { Thumbnail } from '../../parts/picture.tsx';
import { Ribbon } from '../../parts/ribbon.tsx';
import { drawStored, examples } from '../../state/examples.ts';
import { duration } from '../../state/figures.ts';
import type { Recording } from '../../state/recording.ts';
import { thresholdFor } from '../../state/recordings.ts';
import { addressOf } from '../../state/route.ts';
import { inOneLine } from './answerText.ts';

/** How many fit beside the bars. */
const SHOWN = 3;

/** Examples but the one that is shown. */
export function OtherExamples({ except }: { except: Recording }) {
  const others = examples.filter((example) => example !== except).slice(0, SHOWN);
  useEffect(() => {
    for (const example of others) void drawStored(example).catch(() => {});
  }, [except]);
  return (
    <section class="examples">
      <h2>{except.kind === 'example' ? 'Other examples' : 'Examples'}</h2>
      <p class="secondary">Spoken by a synthesiser: nobody felt anything.</p>
      <ul>
        {others.map((example) => (
          <Example key={example.id} example={example} />
        ))}
      </ul>
    </section>
  );
}

const [WIDTH, HEIGHT, RIBBON] = [146, 40, 16];

function Example({ example: { id, name, progress, thumbnail } }: { example: Recording }) {
  const { value } = progress;
  if (value.is !== 'heard') return null;
  const { seconds, result, segments, sureAbove } = value;
  const threshold = thresholdFor(sureAbove);
  return (
    <li>
      <a href={addressOf('recordings', id)}>
        <span class="example-picture">
          <Thumbnail picture={thumbnail.value} width={WIDTH} height={HEIGHT} />
          <Ribbon {...{ segments, seconds, threshold, width: WIDTH, height: RIBBON, from: 0 }} />
        </span>
        <span>
          <strong>{name}</strong>
          <span class="secondary">
            {inOneLine(result, threshold)}, {duration(seconds)}
          </span>
        </span>
      </a>
    </li>
  );
}
