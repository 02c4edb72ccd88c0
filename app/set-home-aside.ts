import fs from 'node:fs/promises';

/** Gives the home of a device another name beside its own, so that the next start makes a new device; nothing of it is deleted. */
export async function setHomeAside(home: string, now: number): Promise<void> {
  await fs.rename(home, `${home}-before-${new Date(now).toISOString().replaceAll(':', '-')}`);
}
