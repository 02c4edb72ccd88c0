/**
 * What of a long part runs when every part does: files of it, further arguments of its runner, and numbers that its tests read.
 * @typedef {{ files: readonly string[], args?: readonly string[], env?: Record<string, string> }} Sample
 */

/**
 * The samples, by part: together with the parts that always run whole what two processors do in about half an hour. By its name a part runs whole.
 * @type {Readonly<Record<string, Sample>>}
 */
export const samples = {
  sim: {
    files: [],
    env: { LOCKSTEP_WORLDS: '80', LOCKSTEP_HISTORIES: '5000', LOCKSTEP_FLOOR_WORLDS: '4' },
  },
  cli: {
    files: ['launcher', 'lifecycle', 'pairing.', 'removal'].map((name) => `e2e/cli/${name}`),
  },
  hosts: { files: ['stories', 'pairing', 'removal', 'stranger'].map((name) => `e2e/hosts/${name}`) },
  faults: {
    files: ['e2e/faults/nth-call', 'e2e/faults/kill', 'e2e/faults/root-away'],
    env: { LOCKSTEP_FAULTS_EVERY: '200', LOCKSTEP_KILLS: '6' },
  },
  disks: { files: ['e2e/disks/disks'], args: ['-t', '(ext4|exFAT) > beside'] },
  electron: {
    files: ['conflicts', 'crash', 'first-run', 'hardening', 'pair-devices', 'removal', 'start', 'story'].map(
      (name) => `e2e/app/${name}.spec.ts`,
    ),
  },
};
