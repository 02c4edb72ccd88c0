import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RunningDevice, type Tree, treeOf } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  comesTo,
  describeInLab,
  inStep,
  shareFolder,
  startOn,
  takeFolder,
} from '../harness/lab-group.ts';

/** Names as people and programs make them, in no order. */
const names = [
  'Übergröße.txt',
  'naïve café',
  'Ελληνικά',
  'Русский текст.docx',
  'עברית',
  'العربية.pdf',
  'हिन्दी',
  '中文 文件',
  '日本語のファイル名.txt',
  '한국어',
  'ไทย',
  '👩‍👩‍👧‍👦 family 🏖️.jpg',
  '𝕄𝕒𝕥𝕙',
  'one two  three ',
  ' leading',
  'trailing.',
  '.hidden',
  '-rf',
  '~tilde',
  'quote\'s "and" `more`',
  'back\\slash',
  'colon:star*question?pipe|less<more>',
  'per%cent%20',
  '#hash&and;semi$dollar!',
  '[brackets]{braces}(parens)',
  'line\nbreak',
  'tab\there',
  'con.txt',
  'NUL',
  'x'.repeat(255),
  'ü'.repeat(127),
] as const;

/** Times in seconds since 1970, with nanoseconds. */
const times = {
  'before 1970': '-86400.123456789',
  'long before 1970': '-1500000000.000000001',
  'at 1970': '0.000000000',
  'one nanosecond': '0.000000001',
  'an ordinary day': '1700000000.987654321',
  'after 2038': '4102444800.111222333',
} as const;

function fill(folder: string): void {
  fs.mkdirSync(folder);
  for (const name of names) fs.writeFileSync(path.join(folder, name), `this is ${name}`);
  const decomposed = 'décomposé'.normalize('NFD');
  fs.writeFileSync(path.join(folder, decomposed), 'composed or not');
  fs.mkdirSync(path.join(folder, 'dir. ü', 'Ünder', '空', '👍'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'dir. ü', 'Ünder', '空', '👍', '深.txt'), 'deep');
  fs.mkdirSync(path.join(folder, 'empty directory'));
  fs.mkdirSync(path.join(folder, 'nested', 'empty', 'directories'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'empty file'), '');
  fs.writeFileSync(path.join(folder, 'nested', 'another empty file'), '');
  fs.writeFileSync(path.join(folder, 'program'), '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'empty program'), '', { mode: 0o755 });
  fs.symlinkSync('program', path.join(folder, 'link to a file'));
  fs.symlinkSync('../outside/of it', path.join(folder, 'link out'));
  fs.symlinkSync('/nowhere/at all/ünd so', path.join(folder, 'dangling link'));
  fs.symlinkSync('nested', path.join(folder, 'link to a directory'));
  fs.symlinkSync('.', path.join(folder, 'nested', 'link to here'));
  for (const [name, time] of Object.entries(times)) {
    fs.writeFileSync(path.join(folder, name), name);
    execFileSync('touch', ['-d', `@${time}`, path.join(folder, name)]);
  }
}

/** The same tree whichever way a disk spells composed letters. */
function composed(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name.normalize('NFC'), item]));
}

describeInLab('any name and kind', () => {
  let lab: Lab | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    lab?.destroy();
  });

  test('names of any language, empty things, links, programs and times of any year arrive as they were', async () => {
    lab = createLab(['here', 'there']);
    const [here, there] = lab.hosts as readonly [LabHost, LabHost];
    const folderOf = (host: LabHost): string => path.join(host.directory, 'folder');
    fill(folderOf(here));
    const wanted = composed(treeOf(folderOf(here)));
    expect(wanted['before 1970']?.mtimeNs).toBe(-86_400_123_456_789n);
    expect(wanted['after 2038']?.mtimeNs).toBe(4_102_444_800_111_222_333n);

    for (const host of lab.hosts) devices.push(await startOn(host));
    const [atHere, atThere] = devices as [RunningDevice, RunningDevice];
    const folder = await shareFolder(atHere, folderOf(here), 'Größe 大小');
    await admit(atHere, atThere);
    await takeFolder(atThere, folder, folderOf(there));
    await inStep(atHere, atThere);
    expect(composed(treeOf(folderOf(there)))).toEqual(wanted);
    expect(composed(treeOf(folderOf(here)))).toEqual(wanted);

    // And back: a bit, a time, a target, and every name given up for another.
    fs.chmodSync(path.join(folderOf(there), 'program'), 0o644);
    execFileSync('touch', ['-d', '@-1.5', path.join(folderOf(there), 'an ordinary day')]);
    fs.rmSync(path.join(folderOf(there), 'link out'));
    fs.symlinkSync('ausländisch', path.join(folderOf(there), 'link out'));
    fs.rmdirSync(path.join(folderOf(there), 'empty directory'));
    for (const name of names.slice(0, 10))
      fs.renameSync(path.join(folderOf(there), name), path.join(folderOf(there), `→ ${name}`));
    const changed = composed(treeOf(folderOf(there)));
    await comesTo('the first host shows it', () => composed(treeOf(folderOf(here))), changed);
    await inStep(atHere, atThere);
    expect(composed(treeOf(folderOf(there)))).toEqual(changed);
  });
});
