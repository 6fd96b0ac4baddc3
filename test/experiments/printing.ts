// a number → so many lines, one every few milliseconds

import { setTimeout as sleep } from 'node:timers/promises';

for (let line = 0; line < Number(process.argv[2]); line++) {
  console.log(line);
  await sleep(40);
}
