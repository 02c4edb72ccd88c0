import type { EngineState } from '../../../app/ipc/contract.ts';
import type { FolderSummary } from '../../state/select.ts';
import type { WindowWords } from '../en/window.ts';
import type { Format } from '../format.ts';
import { changes, devices, directories, files, items } from './nouns.ts';
import { zhProblems } from './problems.ts';

export const zhWindow = (format: Format): WindowWords => ({
  product: 'Lockstep',
  screens: {
    folders: '文件夹',
    devices: '设备',
    conflicts: '冲突',
    history: '历史',
    activity: '动态',
    settings: '设置',
  },
  screensLabel: '页面',
  statusLabel: '状态',
  waitingBadge: (n) => format.count(n, { other: '台设备请求加入' }),

  engine: (state: EngineState['kind']) =>
    ({
      starting: '正在启动…',
      running: '正在启动…',
      restarting: '同步引擎已停止，正在重新启动…',
      refused: 'Lockstep 无法同步。',
      'given-up': '同步引擎不断停止，目前没有进行同步。',
    })[state],
  engineGivenUp:
    '它在一分钟内停止了六次，因此没有再次启动。您的文件没有变化。请重新启动；如果情况依旧，请保存一份报告并发送给我们。',
  startAgain: '重新启动',
  screenFailed: (screen) => `无法显示“${screen}”`,
  windowFailed: '无法显示窗口',
  failedBody:
    'Lockstep 在此处出错。同步仍在继续，您的文件没有变化。请重试；如果再次出现，请保存一份报告并发送给我们。',
  tryAgain: '重试',

  pause: '暂停',
  pauseFor: { hour: '1 小时', tomorrow: '到明天', open: '直到我恢复' },
  resume: '恢复同步',

  noFoldersTitle: '还没有文件夹',
  noFoldersAlone:
    '选择一个目录，Lockstep 会让它在您的所有设备上保持一致。没有任何内容存放在服务器上：设备之间直接通信。',
  noFoldersOffered: '您的其他设备上有文件夹：选择它们在此处的位置，或添加您自己的文件夹。',
  addFolder: '添加文件夹…',
  folderState: {
    'up-to-date': '已是最新',
    scanning: '正在检查',
    syncing: '正在同步',
    paused: '已暂停',
    attention: '需要处理',
    error: '已停止',
  },
  folderSize: (n, inDirectories, bytes) =>
    n === 0 && inDirectories === 0
      ? '空'
      : [
          format.count(n, files),
          ...(inDirectories === 0 ? [] : [`位于 ${format.count(inDirectories, directories)}`]),
          `· ${format.size(bytes)}`,
        ].join(' '),
  folderSummary(summary: FolderSummary): string {
    switch (summary.kind) {
      case 'alone':
        return '此处内容完整。没有已连接的设备也拥有它。';
      case 'in-step':
        return `与${format.list(summary.with)}一致。`;
      case 'scanning':
        return '正在检查目录中的更改。';
      case 'receiving':
        return `还有 ${format.count(summary.files, items)}，${format.size(summary.bytes)}${summary.etaS === undefined ? '' : ` · 大约还需 ${format.span(summary.etaS)}`}`;
      case 'sending':
        return `此处的 ${format.count(summary.changes, changes)}即将发送。`;
      case 'others-behind':
        return summary.behind.length === 0
          ? '正在与其他设备比较。'
          : `${format.list(summary.behind)}仍在接收。`;
      case 'others-differ':
        return `已全部发送。${format.list(summary.differing)}上的内容不同：请到那里查看。`;
      case 'paused':
        return '已暂停。更改会等到恢复后再同步。';
      case 'needs-you':
        return `${format.count(summary.things, { other: '件事' })}需要您处理；其余内容都在同步。`;
      case 'stopped':
        return summary.problem === undefined ? '' : zhProblems.explainProblem(summary.problem).cause;
    }
  },
  progressLabel: (folder) => `${folder}的进度`,
  holdersLabel: '同时位于',
  holderInStep: (name) => `${name}：一致`,
  holderPart: (name) => `${name}：保留一部分，一致`,
  holderDiffers: (name) => `${name}：内容不同`,
  holderAhead: (name) => `${name}：内容完整`,
  holderBehind: (name, n) => (n === 0 ? `${name}：正在比较` : `${name}：还差 ${format.count(n, items)}`),
  conflicts: (n) => `${format.count(n, files)}在能够同步之前就在两处被更改。每个版本都会保留。`,
  resolveConflicts: '解决…',
  resolveConflictsOf: (name) => `解决${name}的冲突`,
  safeOn: (n) => `安全保存在 ${format.count(n, devices)}上`,
  onlyHere: '仅在此设备上',
  folderHistory: '查看历史',
  problems: (n) => format.count(n, { other: '个问题' }),
  moreProblems: (n) => `还有 ${format.count(n, { other: '个' })}`,
  wholeFolder: '整个文件夹',
  folderActions: (name) => `${name}的操作`,
  openFolder: '在文件管理器中打开',
  pauseFolder: '暂停此文件夹',
  resumeFolder: '恢复此文件夹',
  removeFolder: '从此设备移除…',
  removeTitle: (name) => `不再在此设备上同步“${name}”？`,
  removeBody: '文件会留在原处，此处和您的其他设备上都是如此。此处的更改不再发送，那边的更改也不再到达。',
  removeConfirm: '移除，保留文件',
  cancel: '取消',
  offeredTitle: '在您的其他设备上',
  offeredBy: (names) => `位于${format.list(names)}`,
  keepHere: '保存到此处…',
  keepHereLabel: (name) => `保存到此处… ${name}`,
  mergeTitle: (name) => `把“${name}”放进一个非空目录？`,
  mergeBody: (path) =>
    `${path} 中的内容会成为该文件夹的一部分，并发送到您的其他设备。覆盖任何文件之前都会保留一份副本。`,
  mergeConfirm: '合并在一起',

  thisDevice: '此设备',
  thisDeviceInText: '此设备',
  keyWords: '校验词',
  deviceKey: '设备密钥',
  keyWordsHelp: '把这些词与另一台设备上为此设备显示的词进行比较：一致就说明中间没有他人介入。',
  copy: '复制',
  copyKey: '复制设备密钥',
  copied: '已复制',
  yourDevices: '您的其他设备',
  noDevicesTitle: '只有此设备',
  noDevicesBody: '邀请另一台设备来同步，或加入一台您已在使用 Lockstep 的设备。',
  deviceState: {
    connected: '已连接',
    offline: '未连接',
    self: '此设备',
    pending: '请求加入',
    suspended: '已停用',
    revoked: '已移除',
  },
  lastSeen: (iso, now) => `上次在线：${format.ago(iso, now)}`,
  neverSeen: '尚未在线',
  latency: (ms) => `${format.number(Math.max(1, Math.round(ms)))} 毫秒`,
  sending: (bps) => `↑ ${format.rate(bps)}`,
  receiving: (bps) => `↓ ${format.rate(bps)}`,
  removedDevices: '已移除的设备',
  askingTitle: (name) => `“${name}”使用了您的邀请`,
  askingBody: '只有当它的屏幕上显示以下校验词时才添加：',
  add: '添加',
  notMine: '不是我的',
  invite: '邀请设备…',
  join: '凭邀请加入…',

  inviteTitle: '邀请设备',
  invitePreparing: '正在准备邀请…',
  inviteSteps: '在另一台设备上打开 Lockstep，选择“凭邀请加入…”，然后粘贴此文本或扫描图片。',
  inviteOnce: (until) =>
    `只能使用一次，有效期到 ${format.time(until)}。持有它的人可以请求加入；由您在此决定。`,
  inviteText: '邀请',
  inviteQr: '邀请的二维码',
  inviteCopy: '复制邀请',
  inviteWaiting: '正在等待另一台设备…',
  inviteJoined: (name) => `已添加${name}。`,
  done: '完成',
  close: '关闭',

  joinTitle: '凭邀请加入',
  joinBody: '在一台您已使用 Lockstep 的设备上选择“邀请设备…”，把它显示的内容粘贴到这里。',
  joinField: '邀请',
  joinButton: '加入',
  joinWaiting: '现在请在另一台设备上添加此设备。它会显示以下校验词：',
  joinDone: '此设备已加入。其他设备的文件夹列在“文件夹”页面。',
  showFolders: '显示文件夹',

  dismiss: '关闭消息',
  noticesLabel: '消息',
});
