// what an engine without SIMD offers in place of src/kernels/simd/simd.ts: nothing

export const simd = () => undefined;
