// this machine → whether FFmpeg is on it

import { spawnSync } from 'node:child_process';

/** For `it.skipIf`: tests that need FFmpeg are left out where it is missing, unless `FFMPEG_REQUIRED` is set. */
export const ffmpegIsMissing =
  !process.env.FFMPEG_REQUIRED && spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).error !== undefined;
