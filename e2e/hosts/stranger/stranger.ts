import { spawn } from 'node:child_process';
import path from 'node:path';
import { collect } from '../../harness/harness.ts';
import type { LabHost } from '../../harness/lab.ts';
import type { AttackOrder, AttackReport } from './attack.ts';

/** Runs one way of attack on a host; resolves to what came of it. */
export function attack(
  host: LabHost,
  way: 'knock' | 'spoof' | 'pair',
  order: AttackOrder,
): Promise<AttackReport> {
  const [program = '', ...before] = host.wrap;
  const file = path.join(import.meta.dirname, 'attack.ts');
  const child = spawn(program, [...before, process.execPath, file, way, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(stdout()) as AttackReport);
      else reject(new Error(`the attack ended with ${code}: ${stderr()}`));
    });
  });
}
