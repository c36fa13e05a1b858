import { ours } from './candidates.ts';
import { typing } from './measurements.ts';

console.log(
  await typing(ours(), Number(process.argv[2] ?? 10000), ['--cpu-prof', '--cpu-prof-dir=/tmp/prof2']),
);
