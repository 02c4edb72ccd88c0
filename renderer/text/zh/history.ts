import type { HistoryWords } from '../en/history.ts';
import type { Format } from '../format.ts';
import { encodings, files, items } from './nouns.ts';

const paths = { other: '个路径' };

export const zhHistory = (format: Format): HistoryWords => ({
  noHistoryTitle: '还没有文件夹',
  noHistoryBody: '一旦此处保存了文件夹，就可以在本页找到并恢复每个被替换或删除的版本。',
  emptyDirectoryTitle: '这里什么都没有',
  emptyDirectoryNow: '此目录中没有内容，也没有关于以前内容的记录。请返回上一级，或选择其他文件夹。',
  emptyDirectoryThen: '当时此目录中没有内容。请选择其他时刻，或回到现在。',
  historyFolder: '文件夹',
  when: '显示',
  now: '现在的样子',
  hourAgo: '一小时前',
  dayAgo: '一天前',
  weekAgo: '一周前',
  atMoment: '指定时刻…',
  momentField: '时刻',
  placeLabel: '当前位置',
  filesLabel: '此处内容',
  filesLabelThen: (iso, now) => `${format.moment(iso, now)} 的内容`,
  itemState: (item) => ({ there: '', changed: '此后有更改', gone: '现已不在' })[item.state],
  goneAt: (iso, now, who) => `${format.moment(iso, now)} ${who === '' ? '' : `由${who}`}删除`,
  writtenAt: (iso, now, who) => `${format.moment(iso, now)}${who === '' ? '' : `，${who}`}`,
  directory: '目录',
  link: '链接',
  selectItem: (name) => `选择${name}`,
  momentTooEarly: (since, now) =>
    `Lockstep 对此文件夹的记录从 ${format.moment(since, now)} 开始。请选择更晚的时刻。`,
  restoreSelected: (n) => (n === 0 ? '恢复所选…' : `恢复所选 ${format.number(n)} 项…`),
  restoreAll: '恢复此处全部…',
  chooseFile: '选择一个文件以查看它的版本。',
  chooseFileThen: '选择一个文件以查看它的版本，或恢复此处当时的全部内容。',
  versions: '以前的版本',
  noVersions: '没有已知的旧版本。一旦它被替换或删除，版本就会列在这里。',
  versionUntil: (iso, now) => `截至 ${format.moment(iso, now)}`,
  versionReason: (version, who) =>
    ({
      replaced: who === '' ? '随后被替换' : `随后由${who}替换`,
      deleted: who === '' ? '随后被删除' : `随后由${who}删除`,
      conflict: '处于冲突中',
      fetched: '为查看而获取',
    })[version.reason],
  isCurrent: '与现在相同',
  isHere: '在此设备上',
  alsoOn: (names) => `同时位于：${format.list(names)}`,
  onlyOn: (names) => `位于：${format.list(names)}`,
  nowhere: '不在任何已连接的设备上',
  preview: '预览',
  previewLoading: '正在读取版本…',
  previewTooLarge: '太大，无法在此显示：请打开副本查看。',
  previewNone: '既不是文本也不是图片：请打开副本查看。',
  previewEmpty: '（空）',
  previewEncoding: (encoding, isGuess) =>
    isGuess ? `按推测的 ${encodings[encoding]} 读取。` : `编码为 ${encodings[encoding]}。`,
  restoreThis: '恢复此版本…',
  restoreBeside: '放在旁边…',
  openCopyShort: '打开副本',
  copyName: (stem, extension, at) => `${stem}（${at} 的版本）${extension}`,

  restoreTitle: '恢复',
  restoreLooking: '正在查看将会恢复什么…',
  restoreNothing: '不会有任何变化：全部内容都与当时相同。',
  restoreWould: (n, fetched) =>
    `将恢复 ${format.count(n, paths)}${fetched === 0 ? '' : `，其中 ${format.count(fetched, files)}来自其他设备`}。现有内容会保留在历史中，并且可以撤销。`,
  restoreMissing: (n) => `${format.count(n, paths)}保持现状，因为没有已连接的设备拥有其内容：`,
  restoreConfirm: (n) => `恢复 ${format.count(n, paths)}`,
  restoreWhat: (name, iso, now) =>
    iso === undefined ? `“${name}”` : `“${name}”，${format.moment(iso, now)} 的样子`,
  restoreCount: (n, iso, now) => `${format.count(n, items)}，${format.moment(iso, now)} 的样子`,
  restoreLast: (n) => `${format.count(n, { other: '个已删除的文件' })}，删除前的样子`,
  restoreTo: (name) => `它会以“${name}”为名放在现有文件旁边。`,
  more: (n) => `还有 ${format.count(n, { other: '个' })}`,
});
