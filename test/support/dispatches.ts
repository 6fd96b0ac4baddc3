// a function that runs tf operations → how many dispatches it costs on webgpu

import * as tf from '@tensorflow/tfjs-core';

interface Backend {
  runWebGPUProgram(program: object, ...rest: unknown[]): unknown;
}

/** Counts what the function starts on the active backend, which must be webgpu: each program that it runs is one dispatch. */
export function countDispatches(run: () => void): number {
  return programsOf(run).length;
}

/** The programs that the function starts, in turn. */
export function programsOf(run: () => void): object[] {
  const backend = tf.backend() as unknown as Backend;
  const programs: object[] = [];
  const stock = backend.runWebGPUProgram;
  backend.runWebGPUProgram = function (this: Backend, program, ...rest) {
    programs.push(program);
    return stock.call(this, program, ...rest);
  };
  try {
    run();
  } finally {
    backend.runWebGPUProgram = stock;
  }
  return programs;
}
