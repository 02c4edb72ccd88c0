import type { DeviceListing } from '../../../app/ipc/contract.ts';
import type { DeviceWords } from '../en/devices.ts';
import type { Format } from '../format.ts';
import { devices, files } from './nouns.ts';

const methods: Readonly<Record<NonNullable<DeviceListing['method']>, string>> = {
  founder: '它创建了此设备组',
  sas: '在附近用六位数字配对',
  invite: '凭邀请加入',
  typed: '通过输入密钥配对',
};
const reasons = { lost: '丢失', stolen: '被盗', retired: '停用' } as const;

export const zhDevices = (format: Format): DeviceWords => ({
  details: '详情…',
  detailsOf: (name) => `${name}的详情`,
  deviceTitle: (name) => name,
  howPaired: '加入方式',
  pairedBy: (method, by) => (by === undefined ? `${methods[method]}。` : `${methods[method]}，在${by}上。`),
  pairedUnknown: '此处不得而知。',
  connection: '连接',
  connectedVia: (address) => (address === '' ? '已连接，已加密。' : `直接连接，已加密，地址为 ${address}。`),
  notConnected: '目前未连接。',
  removals: '移除情况',
  knowsRemovals: '它知道每一次移除。',
  missesRemovals: (names) =>
    `它还不知道${format.list(names)}已被移除。在得知之前，它仍会与之同步：请让它连接一次。`,
  holds: '文件夹',
  holdsNone: '据目前所知，它没有此处的任何文件夹。',
  alarms: '警报',
  alarm: (kind) =>
    kind === 'identity-in-two-places'
      ? '它的身份在两处使用：磁盘被复制、备份被还原，或被盗。如果您没有从备份还原它，请将其移除并重新设置。'
      : `它有异常（${kind}）。`,
  timeline: '发生过的事',
  timelineTitle: '设备的加入与移除',
  event: (event, nameOf) => {
    const who = format.list(event.devices.map(nameOf));
    const by = nameOf(event.by);
    const said = {
      founded: `${by}创建了设备组`,
      added: `${by}添加了${who}`,
      removed: `${by}移除了${who}${event.how === 'lost' || event.how === 'stolen' || event.how === 'retired' ? `（${reasons[event.how]}）` : ''}`,
      recovered: `${by}用恢复码决定：${who}属于一组`,
    }[event.kind];
    return event.counts ? said : `${said}（因一次移除而不再有效）`;
  },
  eventAt: (at, now) => (at === null ? '时间未知' : format.moment(at, now)),
  clocksNote: '时间是此设备得知的时刻，以其自身的时钟为准。',
  renameField: '在此设备上的名称',
  renameSave: '保存',
  reviewChanges: '它更改了什么…',
  removeDevice: '移除此设备…',
  letInAgain: '再次接纳',
  suspendedBody: '引入此设备的设备已被移除，因此它目前不受信任。如果它是您的，请再次接纳。',
  recoveryEntry: '我有恢复码…',
  recoveryEntryBody:
    '用恢复码移除是最终的：任何设备都无法反对；在争执中被移除的设备，如果您愿意，也可以保留。',

  whoHeard: '谁已得知',
  heardAll: '其他每台设备都已得知。',
  heardYes: (name) => `${name}已得知`,
  heardNot: (name, lastSeen, now) =>
    `${name}尚未得知${lastSeen === null ? '' : `，上次在线：${format.ago(lastSeen, now)}`}`,
  heardUntil: '在得知之前，它仍会与被移除的设备同步：请让它连接一次。',
  removedChip: (notHeard) =>
    notHeard === 0 ? '已移除' : `已移除，${format.count(notHeard, devices)}尚未得知`,

  removeTitle2: (name) => `移除“${name}”`,
  removeDoes: '移除的作用',
  removeDoesList: [
    '您的任何一台设备一旦得知，就不再向该设备发送任何内容，也不再接受它的内容。每台设备会转告它遇到的设备，无需服务器。',
    '该设备无法撤销移除、无法回来，也无法引入其他设备。',
  ],
  removeCannot: '移除做不到的事',
  removeCannotList: [
    '已在它上面的文件会留在那里。Lockstep 无法将其抹除：请更改这些文件夹中保存的密码。',
    '您的设备如果处于关机状态，就还不知道。在遇到另一台设备之前，它仍会与被移除的设备同步。',
  ],
  removeReason: '原因',
  removeReasons: { stolen: '被盗', lost: '丢失', retired: '已出售或不再使用' },
  removeAddedTitle: '它引入了以下设备',
  removeAddedBody: '它们会一同移除，除非您取消勾选。',
  removeAddedBy: (name, by) => `${name}，由${by}引入`,
  removeVoid: '它添加或移除的设备，从何时起不再有效',
  removeUndo: '撤回它对文件的更改，从何时起',
  fromNone: '全部保留',
  removeUndoCount: (n) =>
    n === 0 ? '这段时间内它没有更改任何内容，或均已还原。' : `这段时间内它更改了 ${format.count(n, files)}。`,
  removeGo: '继续…',
  removeNext: '接下来会有单独的窗口询问该设备的名称。',
  removedTitle: (name) => `“${name}”已被移除`,
  removedUndone: (n) => `${format.count(n, files)}已还原为之前的样子。`,
  removedPasswords: '它上面的内容在那里仍可读取。请更改这些文件夹中保存的密码，并让它退出各个账户。',

  changesTitle: (name) => `“${name}”更改了什么`,
  changesSince: '从何时起',
  changesNone: '没有可还原的内容：据此处所知，这段时间内它没有更改任何内容，或更改均已还原。',
  changesBody: '勾选的内容会还原为之前的样子。现有内容会保留在历史中。',
  changesLabel: '更改',
  changeLine: (kind, isNew) => (kind === 'deleted' ? '已删除' : isNew ? '新建' : '已更改'),
  changeSelect: (name) => `选择${name}`,
  putBack: (n) => (n === 0 ? '还原勾选项' : `还原勾选的 ${format.number(n)} 项`),
  putBackAll: (n) => (n < 2 ? '全部还原' : `还原全部 ${format.number(n)} 项`),

  outTitle: (by) => (by.length === 0 ? '此设备已被移除' : `此设备已被${format.list(by)}移除`),
  outSuspended: '此设备目前不受信任',
  outWhen: (at, now, how) =>
    [
      at === null ? '' : `得知时间：${format.moment(at, now)}。`,
      how === 'stolen' || how === 'lost' ? `给出的原因：${reasons[how]}。` : '',
    ].join(''),
  outBody: '它不再与任何设备同步。它上面的文件没有变化。',
  outSuspendedBody:
    '引入它的设备已被移除。请在您的另一台设备上打开“设备”，再次接纳此设备。它上面的文件没有变化。',
  outMutual: (by) =>
    `此设备与${format.list(by)}互相移除了对方。在用恢复码作出决定或其中一台重新设置之前，两者都无法同步。`,
  outMine: '是我做的',
  outMineBody: '要再次与其他设备一起使用，请重新设置它：它会得到新密钥，其他设备把它当作新设备接纳。',
  outMineButton: '重新设置…',
  outTheirs: '不是我做的',
  outTheirsBody: (by) =>
    `那么${format.list(by)}可能已落入他人之手。请在所有设备上移除它：您的每台设备得知后都会照做。`,
  outTheirsButton: (by) => `移除${format.list(by)}…`,
  outCode: '我有恢复码',
  outCodeBody: '它对每台设备都拥有最终决定权。',
  outCodeButton: '用它决定…',

  recoverPickTitle: '用恢复码决定',
  recoverPickBody: '勾选从现在起属于一组的设备。其他设备全部永久移除。接下来会有单独的窗口询问十二个词。',
  recoverPickLabel: '要保留的设备',
  recoverPickGo: '继续…',
  recoverNoCode: '这些设备没有恢复码：只有在设备首次组成一组时才能生成。',
  thisOne: (name) => `${name}（此设备）`,
});
