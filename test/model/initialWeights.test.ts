import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { Lstm } from '../../src/layers/recurrent/lstm.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { foldBatchNorm } from '../../src/model/foldBatchNorm.ts';
import { fromArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { tinySettings } from './tinyModel.ts';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => vi.restoreAllMocks());

const options = { bins: 8, classes: 4, convolution: [{ filters: 2 }] };

/** With a recurrent layer in a network that is itself used as a layer. */
function nested(): tfl.LayersModel {
  const frames = tfl.input({ shape: [null, 8] });
  const lstm = new Lstm({ units: 3, seed: 1 });
  const inner = tfl.model({ inputs: frames, outputs: lstm.apply(frames) as tfl.SymbolicTensor });
  return buildCnnLstm({ ...options, recurrent: (x) => inner.apply(x) as tfl.SymbolicTensor });
}

describe('initial weights are drawn only where there are no others (oracle: the library’s one source of randomness)', () => {
  it.each([
    ['a network', () => buildCnnLstm({ ...options, recurrent: { units: 3 } })],
    ['a network within a network', nested],
  ])('%s: not when it is loaded', async (_, make) => {
    const network = make();
    const artifact = await toArtifact({ network, settings: tinySettings() });
    network.dispose();
    const drawn = vi.spyOn(RandomStream.prototype, 'next');
    const { network: loaded } = await fromArtifact(artifact);
    expect(drawn).not.toHaveBeenCalled();
    const again = await tfl.models.modelFromJSON(loaded.toJSON(undefined, false) as never);
    expect(drawn).toHaveBeenCalled();
    for (const model of [loaded, again]) model.dispose();
  });

  it('not when batch normalisations are folded', async () => {
    const network = buildCnnLstm({ ...options, recurrent: { units: 3 } });
    const drawn = vi.spyOn(RandomStream.prototype, 'next');
    const folded = await foldBatchNorm(network);
    expect(folded).toBeDefined();
    expect(drawn).not.toHaveBeenCalled();
    for (const model of [network, folded!]) model.dispose();
  });
});
