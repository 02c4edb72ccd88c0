import { expect, it } from 'vitest';
import { oneAlone } from './testing/in-step.ts';

it('what cannot be watched whole is told by folder', async () => {
  const { world, a } = await oneAlone('watch: shortfall');
  const { api } = a.device();
  const add = async (name: string): Promise<string> => {
    for (const directory of [name, `${name}/below`]) a.makeDirectory(directory);
    return (await world.during(api.folderAdd({ path: `${a.root}/${name}`, name }))).folderId;
  };
  await add('Whole');
  await world.pass(10_000);
  const unwatched = async (): Promise<readonly string[]> =>
    (await api.status()).incomplete.flatMap(({ what, folders }) => (what === 'watch' ? folders : []));
  expect(await unwatched()).toEqual([]);
  a.hearing.maxWatches = 1;
  const large = await add('Large');
  await world.pass(10_000);
  expect(await unwatched()).toEqual([large]);
  await world.stop();
});
