import { allBackends, describeBackends } from '../support/backends.ts';
import { testAgainstPyTorch } from './pytorch.ts';

await describeBackends(allBackends, 'kernels', testAgainstPyTorch);
