// TrainedModel + ExampleSet of other labels → its network with a new head, trained further

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkNumber, checkObject, checkOneOf, checkOptions } from '../core/check.ts';
import { calibrate } from '../evaluation/calibrate.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { Normalizer } from '../features/normalizer.ts';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { requireBackend } from '../model/backend.ts';
import { withNewHead } from '../model/newHead.ts';
import { faultOf, type ModelSettings, type TrainedModel } from '../model/trainedModel.ts';
import type { AdaptOptions } from './adaptOptions.ts';
import { fitHead } from './fitHead.ts';
import { newModelSettings } from './newModelSettings.ts';
import { resolveTrainOptions } from './resolveTrainOptions.ts';
import { trainNetwork } from './trainNetwork.ts';
import type { TrainReport } from './trainReport.ts';

const ACTION = 'adapt';

/** What `adapt` does, with its options. */
export async function adaptModel(base: TrainedModel, data: ExampleSet, options: AdaptOptions): Promise<TrainReport> {
  const { layers = 'all', rateDecay = 1.5, epochs = 20, learningRate = 5e-4, ...rest } = checkOptions(ACTION, options);
  checkOneOf(ACTION, 'layers', layers, ['head', 'all']);
  checkNumber(ACTION, 'rateDecay', rateDecay, 1, 1e3);
  checkObject(ACTION, 'model', base);
  const { settings } = base;
  const given = { ...rest, epochs, learningRate, window: settings.window };
  const resolved = resolveTrainOptions(data, given);
  const training = { ...given, dataset: withBase(settings, rest.dataset) };
  if (JSON.stringify(data.features) !== JSON.stringify(settings.features)) {
    throw new RangeError(`Cannot ${ACTION}: the examples must have the features of the model, got others`);
  }
  rest.signal?.throwIfAborted();
  await requireBackend(ACTION);
  ensureKernels();
  const network = withNewHead(base.network, data.labels.length, resolved.seed);
  if (!network) {
    throw new RangeError(`Cannot ${ACTION}: the network must end in a softmax of weighted sums of one vector a window`);
  }
  try {
    const normalizer = Normalizer.fromJSON(settings.normalizer);
    const adapted = newModelSettings(data, resolved, normalizer, training);
    const model = { network, settings: withOrigin(adapted, settings, { layers, rateDecay }) };
    const fault = faultOf(model);
    if (fault) throw new RangeError(`Cannot ${ACTION}: ${fault}`);
    await fitHead(model, data, rest.signal);
    if (layers === 'head') {
      const { validation, signal } = rest;
      return {
        model: validation ? await calibrate(model, validation, { signal }) : model,
        ...{ history: [], bestEpoch: 0, stoppedEarly: false },
      };
    }
    const report = await trainNetwork(network, data, training, { normalizer, rates: ratesOf(network, rateDecay) });
    const origin = withOrigin(report.model.settings, settings, { layers, rateDecay });
    return { ...report, model: { network, settings: origin } };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The rate of each trainable weight: 1 in the last layer, divided by the decay for each layer with a kernel below. */
function ratesOf(network: LayersModel, decay: number): number[] {
  const layers = network.layers.filter(({ trainableWeights }) => trainableWeights.length > 0);
  const depths = new Map<string, number>();
  let depth = 0;
  for (const layer of [...layers].reverse()) {
    for (const { name } of layer.trainableWeights) depths.set(name, depth);
    // Those without one, such as batch normalisation, go with the layer above.
    if (layer.trainableWeights.some(({ shape }) => shape.length > 1)) depth++;
  }
  return network.trainableWeights.map(({ name }) => decay ** -(depths.get(name) ?? 0));
}

/** Licence and citation of both: weights that were adapted are bound by the licence of what they came from. */
function withBase({ training }: ModelSettings, own: AdaptOptions['dataset']): AdaptOptions['dataset'] {
  const { licence, citation } = training.data;
  const both = (...texts: (string | undefined)[]) => [...new Set(texts.filter(Boolean))].join('; ') || undefined;
  return { ...own, licence: both(licence, own?.licence), citation: both(citation, own?.citation) };
}

/** The settings, with what the model was adapted from among its options. */
function withOrigin(
  settings: ModelSettings,
  base: ModelSettings,
  how: Readonly<Record<'layers' | 'rateDecay', string | number>>,
): ModelSettings {
  const { library, date, data } = base.training;
  const options = { ...settings.training.options, adaptedFrom: { library, date, data, ...how } };
  return { ...settings, training: { ...settings.training, options } };
}
