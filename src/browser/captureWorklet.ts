// channels of an audio graph → pieces of samples: the audio thread’s module as a file, for pages whose policy allows no code from memory

import { CAPTURE, registerCapture } from './captureProcessor.ts';

registerCapture(CAPTURE);
