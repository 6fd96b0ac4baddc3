import { describe, expectTypeOf, it } from 'vitest';
import type { GruOptions } from '../../src/layers/recurrent/gru.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import type {
  CnnLstmOptions,
  FramePooling,
  OrderlessPooling,
  OwnCellOptions,
  RecurrentCell,
} from '../../src/model/cnnLstmOptions.ts';

/* Types, which `npm run typecheck` holds: nothing of this runs. */

const build = (options: CnnLstmOptions) => () => buildCnnLstm(options);

describe('types of the options of buildCnnLstm (oracle: what compiles and what does not)', () => {
  it('names are those of the tables', () => {
    expectTypeOf<'lstm' | 'indrnn'>().toExtend<RecurrentCell>();
    expectTypeOf<'rnn'>().not.toExtend<RecurrentCell>();
    expectTypeOf<'final' | 'mean'>().toExtend<FramePooling>();
    expectTypeOf<'sum'>().not.toExtend<FramePooling>();
    expectTypeOf<OrderlessPooling>().toEqualTypeOf<Exclude<FramePooling, 'final'>>();
  });

  it('a cell takes its own options, and no other’s', () => {
    expectTypeOf<OwnCellOptions<'gru'>>().toEqualTypeOf<Pick<GruOptions, 'cellDropout' | 'resetAfter'>>();
    build({ recurrent: { cell: 'indrnn', recurrentLimit: 2, activation: 'tanh' } });
    build({ recurrent: { cell: 'gru', resetAfter: false, cellDropout: 0.1 } });
    build({ arrangement: 'parallel', recurrent: { cell: 'elman', activation: 'relu' } });
    build({ recurrent: { cellDropout: 0.1 } });
    // @ts-expect-error an LSTM has no limit
    build({ recurrent: { cell: 'lstm', recurrentLimit: 2 } });
    // @ts-expect-error nor has a cell without gates an update to drop
    build({ recurrent: { cell: 'elman', cellDropout: 0.1 } });
    // @ts-expect-error there is no such cell
    build({ recurrent: { cell: 'rnn' } });
    // @ts-expect-error the options of a layer that the network sets itself
    build({ recurrent: { cell: 'gru', returnSequences: false } });
  });

  it('an option may be undefined', () => {
    const maybe = undefined as number | undefined;
    build({ recurrent: { units: maybe } });
    build({ recurrent: { cell: 'indrnn', units: maybe, recurrentLimit: maybe } });
    build({ bins: maybe, seed: maybe, convolution: [{ filters: 2, dropout: maybe }], head: { dropout: maybe } });
    // @ts-expect-error but what is required may not
    build({ convolution: [{ filters: maybe }] });
  });

  it('a final frame needs a recurrent part', () => {
    build({ recurrent: { units: 2 }, pooling: ['final', 'mean'] });
    build({ recurrent: false, pooling: ['mean'] });
    // @ts-expect-error convolutions read no frame last
    build({ recurrent: false, pooling: 'final' });
    // @ts-expect-error nor do they beside a recurrent part
    build({ arrangement: 'parallel', convolutionPooling: 'final' });
  });
});
