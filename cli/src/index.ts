// programs that train over many machines → the executor for it

export { type QueueExecutorOptions, queueExecutor } from './trainings/queueExecutor.ts';
