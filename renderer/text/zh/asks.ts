import type { AskWords } from '../en/asks.ts';
import type { Format } from '../format.ts';
import { devices } from './nouns.ts';

export const zhAsks = (format: Format): AskWords => ({
  cancel: '取消',
  keyWords: '校验词',
  removeTitle: (name) => `从您的所有设备中移除“${name}”？`,
  removeBody:
    '您的设备一旦彼此连上，就会得知此事。从那时起，不再向被移除的设备发送任何内容，也不再接受它的任何内容。它上面已有的内容会留在它上面：Lockstep 无法将其抹除。',
  removeField: (name) => `要继续，请输入它的名称：${name}`,
  removeConfirm: (n) => (n === 1 ? '永久移除' : `永久移除 ${format.count(n, devices)}`),
  removeToo: '与它一同移除',
  removeStaying: '由它引入，但会保留',
  removeVoids: (iso) => `它自 ${format.date(iso)} 起对设备组所做的一切不再有效。`,
  removeUndoes: (iso) => `它自 ${format.date(iso)} 起对文件所做的更改会被撤回。`,
  removeForGood: '它无法凭此密钥回来。如果找回了它，需要重新设置。',

  recoverTitle: '用恢复码决定',
  recoverBody: '恢复码拥有最终决定权：从现在起，只有此处列出的设备属于一组，无论此前任何设备做过什么决定。',
  recoverKeep: '保留',
  recoverRemove: '永久移除',
  recoverField: '纸上写的十二个词',
  recoverConfirm: '作出最终决定',

  leaveTitle: '离开您的其他设备？',
  leaveBody: (others) =>
    others === 0
      ? '此设备会忘记它所属的设备组，该组的恢复码从此失效。'
      : `此设备将不再与其他 ${format.count(others, devices)}同步。`,
  leaveAfter: '此设备和其他设备上的文件都留在原处。若要再次同步，需要重新获准加入。',
  leaveConfirm: '离开',

  anewTitle: '重新设置此设备？',
  anewBody: '它会得到一个新密钥，这样您的其他设备可以把它当作新设备再次接纳。它现有的密钥仍处于移除状态。',
  anewAfter:
    '您的文件会留在原处。之后请再次选择相同的目录：相同的内容不会重新发送，不同的内容会保留两个版本。',
  anewConfirm: '重新设置',

  recoveryTitle: '写下这十二个词',
  recoveryBody:
    '它们是您的设备的恢复码，只在此刻显示。如果某台设备被盗并被用来对付其他设备，持有这些词的人决定哪些设备属于一组。',
  recoveryLimits:
    '它们不能找回文件，也不会保存在任何地方：请写在纸上，不要存到设备里。没有人能再次告诉您这些词。',
  recoveryLabel: '十二个恢复词',
  print: '打印…',
  written: '我已写在纸上',
  typeBackTitle: '请输入其中两个词以确认',
  typeBackBody: (one, two) => `请看着纸，输入第 ${one} 个词和第 ${two} 个词，中间用空格隔开。`,
  typeBackField: (one, two) => `第 ${one} 个词和第 ${two} 个词`,
  typeBackConfirm: '完成',
  showAgain: '再次显示这些词',
});
