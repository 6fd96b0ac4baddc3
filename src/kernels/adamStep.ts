// weights, their gradient, its moments → the same after a step of AdamW

import { composedAdamStep } from './backends/composed/adamStep.ts';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import { webgpuAdamStep } from './backends/webgpu/adamStep.ts';
import type { AdamStep } from './signatures/adamStep.ts';

const implementations: Implementations<AdamStep> = { webgpu: webgpuAdamStep, composed: composedAdamStep };

/** One step; `decays` says whether these weights do. */
export const adamStep: AdamStep = (...step) => implementationOf(implementations)(...step);
