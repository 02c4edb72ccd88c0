import type { StatusWords } from '../en/status.ts';
import type { Format } from '../format.ts';
import { changes, devices, files, items } from './nouns.ts';

export const zhStatus = (format: Format): StatusWords => ({
  asksToJoin: (names) =>
    names.length === 1 ? `“${names[0]}”请求加入。` : `${format.count(names.length, devices)}请求加入。`,
  status: ({ state, facts, pausedBy }, until) => {
    const { problems, conflicts, questions, needFiles, pendingLocal, behind, differing } = facts;
    switch (state) {
      case 'paused':
        return `${pausedBy === 'schedule' ? '已按计划暂停' : '已暂停'}${until === undefined ? '' : `，到 ${until} 恢复`}。`;
      case 'attention':
        if (facts.isRemoved) return '此设备已从设备组中移除；它的文件没有变化。';
        if (questions > 0) return `${format.count(questions, { other: '个问题' })}等待您回答。`;
        return conflicts > 0 && problems === 0
          ? `${format.count(conflicts, { other: '个冲突' })}需要您处理。`
          : `${format.count(problems + conflicts, { other: '件事' })}需要您处理。`;
      case 'syncing':
        if (facts.isScanning) return '正在检查文件夹。';
        if (needFiles > 0) return `正在同步：还有 ${format.count(needFiles, items)}。`;
        if (pendingLocal > 0) return `正在同步：此设备有 ${format.count(pendingLocal, changes)}待发送。`;
        if (differing > 0 && differing === behind)
          return `已全部发送；${format.count(differing, devices)}上的内容不同：请到那里查看。`;
        return `正在同步：${format.count(behind, devices)}仍在接收。`;
      case 'offline':
        return facts.members === 0 ? '还没有其他设备。' : '没有连接到其他设备。';
      case 'idle':
        if (facts.folders === 0) return `还没有文件夹。已连接 ${format.count(facts.connected, devices)}。`;
        return facts.holding === 0
          ? `已连接 ${format.count(facts.connected, devices)}，它们还没有这些文件夹。`
          : `与 ${format.count(facts.holding, devices)}保持最新。`;
    }
  },
  shortfall: {
    watch: (folders) =>
      `${format.list(folders)}中有些目录无法监视，因此每分钟检查一次其中的更改。在 Linux 上，调高 fs.inotify.max_user_watches 会有帮助。`,
    port: () =>
      '其他设备可能无法连接到此设备：它的端口打不开，可能正被别的程序使用。此设备仍会主动连接它们。',
    discovery: () => '可能无法自动发现附近的设备：无法查询本地网络。通过邀请仍可让设备相互连接。',
  },
  question: ({ kind, counts, isReader }, { folder, device, isOwn }) => {
    const { removed, replaced } = counts;
    switch (kind) {
      case 'mass-change': {
        if (isOwn)
          return `自 Lockstep 上次查看以来，${folder}中少了 ${format.count(removed, files)}。其他设备也要删除它们吗？`;
        const parts = [
          ...(removed > 0 ? [`移除 ${format.count(removed, files)}`] : []),
          ...(replaced > 0 ? [`替换 ${format.count(replaced, files)}`] : []),
        ];
        return `在${device}上所做的更改会在此处的${folder}中${parts.join('并')}。这是有意的吗？`;
      }
      case 'removed-device':
        return isReader
          ? `${device}在被限制为只读之前，在${folder}中有 ${format.count(replaced, changes)}尚不为人知，已被搁置。要重新采纳吗？`
          : `${device}在${folder}中有 ${format.count(replaced, changes)}，移除它的设备当时没有见过，已被搁置。要重新采纳吗？`;
      case 'pending-device':
        return `“${device}”请求加入。允许吗？`;
    }
  },
});
