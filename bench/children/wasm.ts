// import → the backend wasm, in a thread of `trainingThreads`

import { useBackend } from '../../examples/node/backend.ts';

await useBackend('wasm');
