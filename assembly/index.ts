// what TypeScript calls: addresses and sizes in, results in the memory that both share

export { batchNormBackward, batchNormBackwardSums, batchNormForward, batchNormSums } from './batchNorm';
export { conv2d, conv2dScratch } from './conv2d';
export { conv2dFilterGradient, conv2dFilterGradientScratch } from './conv2dFilterGradient';
export { multiplyTiles } from './doubles';
export { gruBackward, gruForward, gruScratch } from './gru';
export { lstmBackward, lstmForward, lstmScratch } from './lstm';
export { maxBlurPool2dBackward, maxBlurPool2dForward, maxBlurPool2dScratch } from './maxBlurPool2d';
export { maxPool2dBackward, maxPool2dForward } from './maxPool2d';
export { multiply, multiplyScratch } from './multiply';
export { winogradConv2d, winogradFilterGradient, winogradScratch } from './winograd';
