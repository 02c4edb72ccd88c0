// Kills a device, or lets a call of its fail, at the n-th file-system call of everything it does, for every n.
//   npm run faults -- [--every N] [--offset N] [--faults kill,tear,EIO,ENOSPC,EACCES,EMFILE] [--acts WORD,WORD] [--minutes N]
import { parseArgs } from 'node:util';
import { type Fault, faults } from './rig/nth-call.ts';
import { sayTotals } from './rig/report.ts';
import { runRig } from './rig/run-rig.ts';
import { tellIfAsked } from '../../build/usage.mjs';

tellIfAsked(import.meta.filename);
const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    offset: { type: 'string', default: '0' },
    faults: { type: 'string', default: Object.keys(faults).join(',') },
    acts: { type: 'string', default: '' },
    minutes: { type: 'string', default: '0' },
  },
});
const chosen = values.faults.split(',').map((name): Fault => {
  const fault = (faults as Readonly<Record<string, Fault>>)[name];
  if (fault === undefined)
    throw new RangeError(`no fault ${name}; there are ${Object.keys(faults).join(', ')}`);
  return fault;
});
const report = await runRig({
  every: Number(values.every),
  offset: Number(values.offset),
  faults: chosen,
  acts: values.acts.split(',').filter((word) => word !== ''),
  minutes: Number(values.minutes),
  say: (line) => console.log(line),
});
console.log(sayTotals(report));
process.exitCode = report.wrong.length > 0 ? 1 : 0;
