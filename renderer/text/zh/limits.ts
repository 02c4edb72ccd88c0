import type { LimitsWords } from '../en/limits.ts';
import type { Format } from '../format.ts';

export const zhLimits = (format: Format): LimitsWords => ({
  limitsTitle: '网络使用',
  limitUp: '最高发送速度（kB/s）',
  limitDown: '最高接收速度（kB/s）',
  limitNone: '不限制',
  limitWrong: (least) => `留空，或至少 ${format.number(least)}。`,
  limitLan: '同一局域网内的设备之间不限制',
  limitLanHelp: '在家中或办公室，它们会尽可能快。',
  scheduleTitle: '时段',
  scheduleHelp: '一周中暂停同步或降低速度的时段。',
  scheduleNone: '无：整周相同。',
  scheduleAdd: '添加时段',
  scheduleRemove: (entry) => `移除“${entry}”`,
  scheduleDays: '日期',
  scheduleDayChoices: { all: '每天', work: '周一至周五', end: '周六和周日' },
  scheduleFrom: '从',
  scheduleTo: '到',
  scheduleDoes: '动作',
  scheduleDoesChoices: { pause: '暂停', limit: '限速' },
  scheduleEntry: (days, from, to) => `${days}，${from} 至 ${to}`,
  schedulePauses: '暂停同步',
  scheduleSends: (rate) => `最高发送 ${rate}`,
  scheduleReceives: (rate) => `最高接收 ${rate}`,
});
