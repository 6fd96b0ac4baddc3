import { expect, it } from 'vitest';
import { RAVDESS as OF_THE_PAGE, SMALL_MODEL } from '../../examples/web/training/smallModel.ts';
import { RAVDESS, TRAINING_CONFIGS } from '../../experiments/training/trainingConfig.ts';

it('the web interface trains the small model as it was released (oracle: its configuration)', () => {
  const { speeds, network, training } = TRAINING_CONFIGS.small;
  expect(SMALL_MODEL).toEqual({ speeds, network, training });
  expect(OF_THE_PAGE).toEqual(RAVDESS);
});
