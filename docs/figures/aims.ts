// scores → which aims are reached

import { LISTENERS } from './anchors.ts';
import { percent, table } from './markdown.ts';
import type { ModelFigures } from './modelFigures.ts';
import { type ProtocolFigures, sexGap } from './protocolFigures.ts';
import type { ConditionFigures } from './robustness.ts';
import { points } from './words.ts';

/** What aims are judged by. */
export interface Figures {
  readonly protocols: readonly ProtocolFigures[];
  /** The robustness figures and their protocol. */
  readonly robustness?: { readonly protocol: string; readonly conditions: readonly ConditionFigures[] } | undefined;
}

/** One aim and its result. */
export interface Aim {
  readonly description: string;
  readonly protocol: string;
  readonly of: 'single' | 'ensemble';
  readonly bound: '≥' | '≤' | '>';
  readonly aim: number;
  /** undefined if it is not measured yet. */
  readonly got: number | undefined;
  readonly write: (value: number) => string;
}

const score = (value: number) => value.toFixed(3);

/** All aims; of several conditions, the worst counts. */
export function aims({ protocols, robustness }: Figures): Aim[] {
  const aim = (
    [description, protocol, of]: readonly [string, string, Aim['of']],
    [bound, value]: readonly [Aim['bound'], number],
    figure: (model: ModelFigures) => number,
    write: Aim['write'] = percent,
  ): Aim => {
    const model = protocols.find(({ file }) => file.protocol === protocol)?.[of];
    return { description, protocol, of, bound, aim: value, got: model && figure(model), write };
  };
  const worst = (description: string, pattern: RegExp): Aim => {
    const own = robustness?.conditions.filter(({ name }) => pattern.test(name)) ?? [];
    const got = own.length > 0 ? Math.min(...own.map(({ change }) => change)) : undefined;
    const protocol = robustness?.protocol ?? 'si5';
    return { description, protocol, of: 'single', bound: '≥', aim: -0.03, got, write: points };
  };
  const both = ['single', 'ensemble'] as const;
  return [
    aim(['WAR', 'sd10', 'ensemble'], ['≥', 0.95], ({ war }) => war.mean),
    aim(['WAR', 'sd10', 'single'], ['≥', 0.92], ({ war }) => war.mean),
    aim(['UAR', 'si5', 'ensemble'], ['≥', 0.7], ({ uar }) => uar.mean),
    aim(['UAR', 'si5', 'single'], ['≥', 0.66], ({ uar }) => uar.mean),
    ...both.map((of) =>
      aim(
        ['UAR with neutral and calm as one, against listeners', 'si5', of],
        ['>', LISTENERS],
        ({ merged }) => merged.uar.mean,
      ),
    ),
    ...both.map((of) => aim(['ECE, calibrated', 'si5', of], ['≤', 0.05], ({ calibrated }) => calibrated.ece, score)),
    ...both.map((of) => aim(['gap in UAR between women and men', 'si5', of], ['≤', 0.05], sexGap, points)),
    worst('ΔUAR with noise 20 dB below the speech', /noise.*(?<!\d)20 ?db/i),
    worst('ΔUAR with a gain of ±12 dB, the worse of the two', /gain.*(?<!\d)12 ?db/i),
  ];
}

/** Whether the unrounded figure meets the bound. */
export function isReached({ bound, aim, got }: Aim): boolean | undefined {
  if (got === undefined || Number.isNaN(got)) return undefined;
  if (bound === '>') return got > aim;
  return bound === '≥' ? got >= aim : got <= aim;
}

/** The section of the page. */
export function aimsSection(figures: Figures): string {
  const rows = aims(figures).map((aim) => {
    const reached = isReached(aim);
    const got = reached === undefined ? '–' : aim.write(aim.got!);
    const verdict = reached === undefined ? 'not measured yet' : reached ? 'reached' : 'not reached';
    const model = aim.of === 'single' ? 'single model' : 'ensemble';
    return [aim.protocol, model, aim.description, `${aim.bound} ${aim.write(aim.aim)}`, got, verdict];
  });
  return `\
## Aims

Judged by the figures before rounding.

${table([['protocol', 'of', 'what', 'aim', 'result', ''], ...rows])}`;
}
