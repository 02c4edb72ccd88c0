import type { Command } from 'commander';
import type { DeviceIdentity } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import { printable } from '../format.ts';
import { keyPlaces } from '../key-text.ts';
import type { AddCommand, Surface } from '../shell.ts';

/** `lockstep id`: works with no device running; a home without a key gets one. */
export function addIdCommand(program: Command, add: AddCommand): void {
  add(program, 'id', 'print this device’s key and its key words', async (surface) => {
    const { deviceKey, words, name, keyStorage } = await identityOf(surface);
    surface.output.result({ deviceKey, words, name, keyStorage }, [
      `key    ${deviceKey}`,
      `words  ${words}`,
      `name   ${printable(name)}`,
      `kept   ${keyPlaces[keyStorage]}`,
    ]);
  });
}

async function identityOf(surface: Surface): Promise<DeviceIdentity> {
  try {
    return await surface.withDevice((device) => device.call('id'));
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'not-running') throw error;
  }
  // The engine is loaded only where no device runs: everything else is quicker without it.
  const [{ readIdentity }, { keyKeeping }] = await Promise.all([
    import('../../../core/engine/engine.ts'),
    import('../key-keeping.ts'),
  ]);
  return readIdentity(surface.home, keyKeeping(surface, { place: 'auto' }));
}
