import type { PairingWords } from '../en/pairing.ts';
import type { Format } from '../format.ts';

export const zhPairing = (format: Format): PairingWords => ({
  addDevice: '添加设备',
  pairNearby: '配对附近的设备…',
  pairByKey: '用设备密钥…',

  nearbyTitle: '配对附近的设备',
  nearbyBody: '在两台设备上都打开此页，并在每台上选择另一台。然后其中一台会显示六位数字，请在另一台上输入。',
  nearbyList: '附近的设备',
  nearbyLooking: '正在寻找附近的设备…',
  nearbyNone:
    '还没有发现设备。另一台设备是否打开了 Lockstep 和此对话框，并在同一网络中？如果始终看不到，请使用邀请。',
  nearbyUnproved: '在数字得到验证之前，它们自称的名称未经证实。',
  nearbyUnnamed: '尚无名称的设备',
  nearbyAsks: (name) => `“${name}”请求配对`,
  nearbyPair: '配对',
  nearbyPairWith: (words) => `与校验词为 ${words} 的设备配对`,
  pairWaiting: '正在等待另一台设备。',
  pairWaitingBody: '请在那里的同一对话框中选择此设备。它的校验词是：',
  pairCodeTitle: (name) => `请在${name}上输入这些数字`,
  pairCodeUnnamed: '另一台设备',
  pairCodeLabel: '六位数字',
  pairCodeBody: '请等到另一台设备自己显示两者已配对。',
  pairConfirm: (name) => `“${name}”自己是否显示两者已配对？`,
  pairConfirmBody: '请看它的屏幕。只有它这样显示，才能确定两台设备之间没有他人介入。',
  pairConfirmYes: '是，它这样显示',
  pairConfirmNo: '否',
  pairDigitsTitle: (name) => `请输入“${name}”显示的六位数字`,
  pairDigitsField: '六位数字',
  pairDigitsCheck: '检查',
  pairDigitsWrong: (left) =>
    `数字不一致。还可尝试 ${format.count(left, { other: '次' })}：如果输入的确实是那里显示的数字，可能有人在干扰。`,
  pairMatched: '已配对。',
  pairMatchedBody: (name) => `数字正确：两者已配对。现在请在“${name}”询问时予以确认。`,
  pairDone: '两台设备已配对。它们会同步双方都保存的文件夹。',
  pairAgain: '重新开始',
  pairStop: '停止',

  keyTitle: '用设备密钥配对',
  keyBody: '在此处输入另一台设备的密钥，在那里输入此设备的密钥。两者都输入后即完成配对，无需数字。',
  keyOwn: '此设备的密钥',
  keyField: '另一台设备的密钥',
  keyAllow: '允许加入',
  keyAllowed: (expiresInS) =>
    `它可以在接下来运行的 ${format.span(expiresInS)} 内加入一次。请在那里也输入此设备的密钥。`,
  keyWaiting: '正在等待另一台设备…',
});
