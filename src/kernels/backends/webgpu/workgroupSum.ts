// a sum of each invocation → the sum over the workgroup, in WGSL

import { MOST_INVOCATIONS } from '../../tfjs/webgpuProgram.ts';

/** Code that leaves in `sums[0]` what the {@link MOST_INVOCATIONS} invocations (`thread`) of a workgroup have put into `sums`. */
export const SUM_OVER_WORKGROUP = `
      workgroupBarrier();
      for (var half = ${MOST_INVOCATIONS / 2}; half > 0; half /= 2) {
        if (thread < half) { sums[thread] += sums[thread + half]; }
        workgroupBarrier();
      }`;
