import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import {
  AHEAD,
  BLOCKS,
  CHANNELS,
  FIRST_TAPS,
  PARTS,
  SpeechNetwork,
  TAPS,
  WEIGHTS,
} from '../../src/speech/speechNetwork.ts';

const random = new RandomStream(1, 'network');
const weights = Float32Array.from({ length: WEIGHTS }, () => 0.2 * random.normal());
const rowsOf = (count: number) =>
  Array.from({ length: count }, () => Float32Array.from({ length: STEP_SIZE }, () => random.uniform(-3, 0)));

function answersOf(rows: readonly Float32Array[]): number[] {
  const network = new SpeechNetwork(weights);
  const answers: number[] = [];
  for (const [i, row] of rows.entries()) {
    const answer = network.push(row);
    expect(answer === undefined).toBe(i < AHEAD);
    if (answer !== undefined) answers.push(answer);
  }
  return [...answers, ...network.flush()];
}

/** The network written out: whole rows at once, zeros beyond both ends of every layer. */
function writtenOut(rows: readonly Float32Array[]): number[] {
  let place = 0;
  const parts = new Map<string, number[][]>();
  for (const [name, height, width] of PARTS) {
    const part = Array.from({ length: height }, (_, i) => [
      ...weights.slice(place + i * width, place + (i + 1) * width),
    ]);
    parts.set(name, part);
    place += height * width;
  }
  expect(place).toBe(WEIGHTS);
  const part = (name: string) => parts.get(name)!;
  const relu = (x: number) => Math.max(0, x);
  const channels = Array.from({ length: CHANNELS }, (_, c) => c);
  let state = rows.map((_, t) =>
    channels.map((c) => {
      let sum = part('first.bias')[0]![c]!;
      for (let tap = 0; tap < FIRST_TAPS; tap++) {
        const row = rows[t - (FIRST_TAPS - 1) + tap];
        for (let i = 0; row && i < STEP_SIZE; i++) sum += row[i]! * part('first')[tap * STEP_SIZE + i]![c]!;
      }
      return relu(sum);
    }),
  );
  for (const [b, { dilation, ahead }] of BLOCKS.entries()) {
    const hidden = state.map((_, t) =>
      channels.map((c) => {
        let sum = part(`block${b}.each.bias`)[0]![c]!;
        for (let tap = 0; tap < TAPS; tap++) {
          sum += part(`block${b}.each`)[tap]![c]! * (state[t + (tap - (TAPS - 1) + ahead) * dilation]?.[c] ?? 0);
        }
        return relu(sum);
      }),
    );
    state = state.map((row, t) =>
      channels.map((c) => {
        let sum = row[c]! + part(`block${b}.mix.bias`)[0]![c]!;
        for (let i = 0; i < CHANNELS; i++) sum += hidden[t]![i]! * part(`block${b}.mix`)[i]![c]!;
        return sum;
      }),
    );
  }
  return state.map((row) => {
    const sum = row.reduce((total, x, c) => total + relu(x) * part('last')[0]![c]!, part('last.bias')[0]![0]!);
    return 1 / (1 + Math.exp(-sum));
  });
}

describe('SpeechNetwork', () => {
  it.each([0, 1, 3, AHEAD, AHEAD + 1, 70])('of %i rows gives what its definition gives', (count) => {
    const rows = rowsOf(count);
    const answers = answersOf(rows);
    const wanted = writtenOut(rows);
    expect(answers).toHaveLength(wanted.length);
    for (const [i, answer] of answers.entries()) expect(answer).toBeCloseTo(wanted[i]!, 5);
  });

  it('sees no further ahead than it says (property: later rows change nothing)', () => {
    const rows = rowsOf(40);
    const other = [...rows.slice(0, 30), ...rowsOf(10)];
    const [a, b] = [answersOf(rows), answersOf(other)];
    expect(a.slice(0, 30 - AHEAD)).toEqual(b.slice(0, 30 - AHEAD));
    expect(a[30 - AHEAD]).not.toBe(b[30 - AHEAD]);
  });

  it('is of a size that counts for little', () => expect(WEIGHTS).toBeLessThan(20_000));
});
