import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Question, Status } from '../../core/engine/engine.ts';
import { contentOf, treeOf, waitUntil } from '../harness/harness.ts';
import {
  comesTo,
  describeInLab,
  type Member,
  shareAmong,
  startMembersOnHosts,
} from '../harness/lab-group.ts';

const count = 5_000;

/** Three hosts that hold one folder of 5,000 files in 50 directories. */
async function threeWithFiles(): Promise<readonly [Member, Member, Member]> {
  const members = await startMembersOnHosts('ann', 'bob', 'cleo');
  const [ann] = members;
  for (let i = 0; i < count; i++) {
    const directory = path.join(ann.folder, 'photos', String(i % 50));
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, `${i}.txt`), `what ${i} says\n`);
  }
  await shareAmong(members, 'Photos', 180);
  return members;
}

const questionsOf = ({ device }: Member): Promise<readonly Question[]> => device.ask('questions');

async function questionOf(member: Member): Promise<Question> {
  const [question] = await waitUntil(
    `${member.device.name} asks`,
    async () => {
      const questions = await questionsOf(member);
      return questions.length > 0 ? questions : undefined;
    },
    60_000,
  );
  return question as Question;
}

const filesIn = (folder: string): number =>
  Object.values(treeOf(folder)).filter((item) => item.kind === 'file').length;

describeInLab('rm -rf of 5,000 files on one of three hosts', () => {
  test('the others ask, one answer holds for all, and undo brings every byte back', async () => {
    const [ann, bob, cleo] = await threeWithFiles();
    const before = contentOf(ann.folder);
    fs.rmSync(path.join(ann.folder, 'photos'), { recursive: true });

    const question = await questionOf(bob);
    await questionOf(cleo);
    expect(question).toMatchObject({
      kind: 'mass-change',
      device: ann.device.ready().deviceKey,
      answers: ['apply', 'undo', 'later'],
    });
    expect(question.sentence).toContain('ann');
    // A quarter may be gone before so many deletions have come; the rest stands.
    expect(filesIn(bob.folder)).toBeGreaterThan(count / 2);
    const status = await bob.device.ask<Status>('status');
    expect(status).toMatchObject({ state: 'attention', questions: 1 });
    const wait = await bob.device.cli('wait', '--timeout', '60');
    expect({ code: wait.code, says: wait.stderr }).toEqual({
      code: 5,
      says: expect.stringContaining('lockstep questions'),
    });
    expect((await bob.device.cli('questions')).stdout).toContain(`lockstep answer ${question.id}`);
    expect((await bob.device.cli('answer', question.id, 'perhaps')).code).toBe(2);
    expect((await bob.device.cli('answer', 'none', 'apply')).code).toBe(1);

    const { undoId } = await bob.device.ask<{ undoId: string }>('answer', question.id, 'apply');
    for (const { folder } of [bob, cleo]) await comesTo('all gone', () => filesIn(folder), 0);
    expect(await questionsOf(cleo)).toEqual([]);

    await bob.device.ask('undo', undoId);
    for (const { folder } of [ann, bob, cleo])
      await comesTo('all back', () => contentOf(folder), before, 120_000);
  });
});
