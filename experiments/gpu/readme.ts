// a kit → its README.txt, for whoever runs it

import type { KitPlan } from './kit.ts';

/** What to do with a kit, in words. */
export function readmeOf({ head, resultFile, commit, seeds, folds }: KitPlan, platform: string): string {
  const home = `docs/results/${resultFile}`;
  return `A kit of speech-emotion: ${head.protocol}, ${head.description}
${folds.length} folds, seeds ${seeds.join(', ')}; programs of commit ${commit}, WebGPU for ${platform}

RUN IT
  On a machine with a GPU and Node 20 or newer; nothing is installed, and no network is needed:

    node train.js --minutes 10 --workers 4

  It stops before the minutes are over. ${resultFile} is written after each fold. Folds that are not done by then are kept in the folder
  state, epoch by epoch: started again, here or on another machine that the folder was copied to, it goes on there.
  Each of the workers needs a core. How many are fastest depends on the GPU: watch how fast epochs come, press Ctrl-C, try another number.
  node train.js --help has the rest.

IF NODE IS MISSING
  Its binary alone will do (process.execPath names it, of the same platform): xz packs it to about 25 MB. tar cJ packs this folder to less than half.

IF IT FINDS NO GPU
  The first line after the start names the device. Linux needs a driver with Vulkan and its loader:
  - ldconfig -p | grep libvulkan prints nothing: put libvulkan.so.1 (Debian's package libvulkan1) into a folder lib beside this file.
  - the driver's description is not where Vulkan looks for it: VK_DRIVER_FILES=/…/nvidia_icd.json node train.js

BRING HOME
  ${resultFile}, and state too where folds are to be gone on with. In the repository:

    npm run join-results -- ${home} ${resultFile}

The features are made of RAVDESS (CC BY-NC-SA 4.0) and whatever corpora the kit was written with: do not pass them on under other terms.
`;
}
