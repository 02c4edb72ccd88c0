import type { ActivityWords } from '../en/activity.ts';
import type { Format } from '../format.ts';
import { changes, items } from './nouns.ts';

export const zhActivity = (format: Format): ActivityWords => ({
  movingTitle: '当前',
  movingNothing: '目前没有传输。',
  movingReceive: (n, bytes, etaS) =>
    `还有 ${format.count(n, items)}，${format.size(bytes)}${etaS === null ? '' : ` · 大约还需 ${format.span(etaS)}`}`,
  movingSend: (n) => `此处的 ${format.count(n, changes)}即将发送`,
  movingBehind: (name, n) => `${name}：还差 ${format.count(n, items)}`,
  movingFrom: (name, bps) => `↓ ${format.rate(bps)}，来自${name}`,
  movingTo: (name, bps) => `↑ ${format.rate(bps)}，发往${name}`,
  sameOn: (names) => `同时位于：${format.list(names)}`,
  recentTitle: '最近发生的事',
  activityFolder: '文件夹',
  allFolders: '所有文件夹',
  noActivityTitle: '还没有发生任何事',
  noActivityBody:
    '您的文件夹中的更改，无论来自此处还是其他设备，都会列在这里，并且可以撤销。更改一个文件试试看。',
  noActivityAlone: '请在“文件夹”页面添加一个文件夹；之后它的更改会列在这里，并且可以撤销。',
  happened: (item, who) =>
    ({
      written: `由${who}${item.isNew ? '添加' : '更改'}`,
      deleted: `由${who}删除`,
      conflict: '在两处被更改',
      resolved: `冲突由${who}解决`,
      kept: `虽由${who}删除，但因期间有更改而保留`,
      restored: `由${who}恢复`,
      undone: `由${who}还原`,
      allowed: `大量更改由${who}允许`,
      'set-aside': '某设备在失去权限后所做的更改已被搁置',
    })[item.kind],
  undoItem: (name) => `撤销对${name}的更改`,
  showHistory: (name) => `${name}的版本`,
  showConflict: (name) => `解决${name}的冲突`,
  resolveShort: '解决…',
  versionsShort: '版本',
});
