// what an engine without SIMD offers in place of src/kernels/backends/simd/simd.ts and doubles.ts: nothing

export const simd = () => undefined;
export const tileMultiplier = () => undefined;
