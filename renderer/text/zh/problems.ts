import type { PathProblem, PathProblemKind, PathReason } from '../../../app/ipc/contract.ts';
import type { ProblemWords } from '../en/problems.ts';

const problems: Readonly<Record<PathProblemKind, { readonly cause: string; readonly action: string }>> = {
  unreadable: { cause: '此处无法读取。', action: '请检查权限；Lockstep 会自动重试。' },
  unwritable: { cause: '此处无法更改。', action: '请检查它及其目录的权限；Lockstep 会自动重试。' },
  'name-not-text': { cause: '它的名称不是有效的文本。', action: '请重命名；在此之前它只留在此设备上。' },
  'name-too-long': { cause: '对此磁盘来说名称太长。', action: '请在拥有它的设备上改用更短的名称。' },
  'name-clash': {
    cause: '此处另一个名称与它的差别，许多系统无法区分。',
    action: '请重命名其中一个。',
  },
  'name-not-allowed': { cause: '此磁盘不允许它的名称。', action: '请在拥有它的设备上重命名。' },
  'name-reserved': {
    cause: '它的名称为 Lockstep 保留，或不能在文件夹中使用。',
    action: '请重命名；在此之前它只留在此设备上。',
  },
  'special-file': { cause: '它不是文件、目录或链接。', action: '无需处理：此类内容只留在此设备上。' },
  'link-target-not-text': { cause: '链接指向的名称不是有效的文本。', action: '请重新创建链接。' },
  'nested-mount': { cause: '此处挂载了另一个磁盘。', action: '如需同步，请将其作为单独的文件夹添加。' },
  changing: { cause: '它一直在被写入。', action: '无需处理：一旦停止写入就会发送。' },
  'no-space': { cause: '此磁盘空间不足。', action: '请腾出空间；Lockstep 会自动继续。' },
  'disk-error': { cause: '磁盘报告了错误。', action: '请检查磁盘；Lockstep 会自动重试。' },
  'no-holder': { cause: '没有已连接的设备拥有它。', action: '请连接拥有它的设备。' },
  lingering: {
    cause: '该目录已在别处移除，但此处仍有不参与同步的内容。',
    action: '请移走或删除这些内容。',
  },
  'kind-not-supported': {
    cause: '此磁盘无法存放此类内容。',
    action: '如需在此拥有它，请把文件夹放到其他磁盘。',
  },
  'past-too-large': { cause: '太多设备同时更改了它。', action: '请在一台设备上再保存一次。' },
  'mass-change': { cause: '文件夹的大部分内容将被移除或替换。', action: '请决定这是否有意。' },
  'local-change': {
    cause: '它在此处被更改，而此文件夹只接收；更改留在此处。',
    action: '接受更改以告知其他设备，或还原更改。',
  },
  'read-only': {
    cause: '它在此处被更改，而此设备对该文件夹只有读取权限；更改留在此处。',
    action: '请还原更改，或在另一台设备上允许此设备更改该文件夹。',
  },
  'ignored-change': {
    cause: '一台对此文件夹只有读取权限的设备更改了它；该更改未被采纳。',
    action: '请在那台设备上还原更改，或允许它更改该文件夹。',
  },
  'not-taken': {
    cause: '它在别处被更改；此文件夹只发送，因此此处保持原样。',
    action: '请让所有设备采用此处的内容，或还原为其他设备的内容。',
  },
  'root-missing': {
    cause: '目录不在。没有在任何地方删除任何内容。',
    action: '请连接其磁盘，或把目录放回原处；Lockstep 会自动继续。',
  },
  'root-not-directory': {
    cause: '目录原来的位置上是别的东西。没有在任何地方删除任何内容。',
    action: '请把目录放回原处。',
  },
  'marker-missing': {
    cause: '目录失去了表明它是此文件夹的标记：它可能是本应挂载磁盘的空位置。没有在任何地方删除任何内容。',
    action: '请连接磁盘。如果这就是正确的目录，请在此移除该文件夹，然后重新加入。',
  },
  'marker-other': { cause: '该目录属于另一个文件夹。', action: '请把正确的目录放到该位置。' },
  'root-unreadable': {
    cause: '无法读取目录。没有在任何地方删除任何内容。',
    action: '请检查磁盘及其权限；Lockstep 会自动继续。',
  },
  failed: {
    cause: 'Lockstep 自身出错，已停止此文件夹。您的文件没有变化。',
    action: '请重新启动 Lockstep；如果再次发生，请保存一份报告并发送给我们。',
  },
  'reading-first': {
    cause: '在与另一台拥有此文件夹的设备比较之前，此处不会发送任何内容。',
    action: '请连接拥有它的设备。',
  },
};

const reasons: Readonly<Record<Exclude<PathReason, PathProblemKind | 'deleted'>, string>> = {
  ignored: '忽略模式将其排除在外。',
  unselected: '它的顶层目录没有保留在此设备上。',
  name: '它的名称与另一个文件的名称在此磁盘上是同一个。',
  space: '此磁盘空间不足。',
  kind: '此磁盘无法存放此类内容。',
  waiting: '需要您先作出决定。',
  paused: '文件夹已暂停。',
  looking: '正在检查文件夹。',
  conflict: '它在多台互不知情的设备上被更改；显示其中一个版本，全部版本都会保留。',
  'changed-here': '它在此处被更改，即将发送。',
  receiving: '它的最新内容正在传到此磁盘。',
  'never-seen': '文件夹中没有此名称的任何记录。',
  alone: '此处已同步；没有连接到拥有它的其他设备。',
  everywhere: '已与每台拥有它的已连接设备同步。',
  'not-everywhere': '此处已同步；并非每台已连接设备上的文件夹都已一致。',
};

export const zhProblems: ProblemWords = {
  explainProblem: ({ kind, code }: Pick<PathProblem, 'kind' | 'code'>) => {
    const { cause, action } = problems[kind];
    return { cause: code === null ? cause : `${cause.slice(0, -1)}（${code}）。`, action };
  },
  explainPath: ({ reason }, who) => {
    if (reason === 'deleted') return `它已由${who}删除。`;
    return reason in reasons
      ? reasons[reason as keyof typeof reasons]
      : problems[reason as PathProblemKind].cause;
  },
};
