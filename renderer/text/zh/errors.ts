import type { ErrorCode, WireError } from '../../../app/ipc/contract.ts';
import type { ErrorWords } from '../en/errors.ts';

type Facts = WireError['facts'];

const at = ({ path }: Facts): string => (path === undefined ? '' : `（${path}）`);

const sentences: Readonly<Record<ErrorCode, (facts: Facts) => string>> = {
  'bad-argument': ({ what }) =>
    what === 'typed-name'
      ? '名称不符。请完全按照上面显示的样子输入。'
      : what === 'typed-words'
        ? '不是那两个词。请再看一下纸，或再次显示这些词。'
        : what === 'device-key-own'
          ? '这是此设备自己的密钥。请输入另一台设备显示的密钥。'
          : String(what).startsWith('device-key')
            ? '这不是完整的设备密钥，或有字符错误。请从另一台设备复制。'
            : '此处无法使用该内容。请检查输入后重试。',
  'not-found': ({ what }) =>
    what === 'place'
      ? '该目录不是刚才选择的。请重新选择。'
      : what === 'content'
        ? '没有已连接的设备拥有其内容。请连接可能拥有它的设备，然后重试。'
        : '它已不存在，可能在您查看时消失了。',
  ambiguous: () => '有多个符合。请说得更具体一些。',
  'already-exists': ({ what }) =>
    what === 'member'
      ? '该设备已经是您的设备之一。它已在您的设备之列。'
      : what === 'joining'
        ? '此设备正在配对。请等待配对结束。'
        : '它已经存在。',
  'directory-missing': (facts) => `目录不存在${at(facts)}。请先创建，或选择其他目录。`,
  'not-a-directory': (facts) => `那不是目录${at(facts)}。请选择一个目录。`,
  'folder-inside-folder': () => '一个文件夹不能位于另一个文件夹之内。请选择其他文件夹之外的目录。',
  'folder-elsewhere': () => '该目录已属于另一个文件夹。请选择其他目录。',
  'home-in-use': () => 'Lockstep 已在使用相同的数据运行，可能是命令“lockstep start”。请先停止它，然后重试。',
  'home-unusable': (facts) =>
    `Lockstep 无法使用保存自身数据的位置${at(facts)}。请检查它是否属于您以及是否已满。`,
  'home-inside-folder': () => '该目录包含 Lockstep 自身的数据，无法同步。请选择其他目录。',
  'not-running': () => '同步引擎没有运行。请稍后重试。',
  'timed-out': ({ what }) =>
    what === 'join'
      ? '另一台设备没有及时接纳此设备。请询问那里的人，然后用新的邀请重试。'
      : '耗时过长。请检查两台设备是否都已开启并连接，然后重试。',
  'person-needed': () => '需要先决定其他事情。请查看需要您处理的内容。',
  'invitation-unreadable': ({ what }) =>
    what === 'own'
      ? '该邀请是在此设备上生成的。请在另一台设备上粘贴。'
      : what === 'version'
        ? '该邀请来自更新版本的 Lockstep。请更新此设备上的 Lockstep，然后再次粘贴。'
        : '这不是完整的邀请。请从第一个字符复制到最后一个字符。',
  'invitation-used': () =>
    '该邀请已被使用、已过期，或生成它的设备已重新启动。如果已被使用而不是您用的，请告知发送者。请索取新的邀请。',
  'invitation-refused': ({ what }) =>
    what === 'declined'
      ? '另一台设备上的人拒绝了。如果是误操作，请索取新的邀请。'
      : what === 'not-heard'
        ? '另一台设备没有理会此设备：邀请已不再有效，或此刻有其他设备正在请求。请一分钟后重试，然后索取新的邀请。'
        : what === 'busy'
          ? '另一台设备此刻正在接纳其他设备。请等一分钟，然后重试。'
          : what === 'failed'
            ? '另一台设备未能接纳此设备：那里出了错。请查看那台设备，然后索取新的邀请。'
            : what === 'expired'
              ? '另一台设备上无人及时应答。请索取新的邀请。'
              : '另一台设备拒绝了。请在那里索取新的邀请。',
  'pairing-refused': ({ what }) =>
    what === 'wrong-code' || what === 'unverified'
      ? '无法验证这两台设备：六位数字不一致。此网络上可能有人干扰。请改用邀请。'
      : what === 'expired'
        ? '无人及时应答。请在两台设备上重新开始。'
        : what === 'declined' || what === 'declined-here'
          ? '配对已停止。如果是误操作，请在两台设备上重新开始。'
          : what === 'busy'
            ? '另一台设备此刻正在与其他设备配对。请等一分钟，然后在两台设备上重新开始。'
            : what === 'failed'
              ? '另一台设备未能完成配对：那里出了错。请查看那台设备，然后在两台设备上重新开始。'
              : '另一台设备尚未准备好与此设备配对。请在那里打开“添加设备”。',
  'already-in-group': () => '此设备已与其他设备同属一组。若要加入别的设备，必须先离开它们。',
  'no-group': () => '还没有其他设备。请先邀请一台。',
  'not-member': () => '该设备不是您的设备之一。',
  unreachable: () => '无法连接到另一台设备。请检查它是否已开启并连接到同一网络。',
  'key-unreadable': (facts) =>
    `无法读取此设备的密钥${at(facts)}。请从备份中恢复该文件并重新启动 Lockstep；它不会自行生成新的密钥来代替。`,
  'key-exposed': (facts) =>
    `这台电脑上的其他人可以读取此设备的密钥${at(facts)}。请取消他们的权限，然后重试。`,
  'key-locked': ({ what }) =>
    what === 'keyring' || what === 'os-store'
      ? '用于打开此设备密钥的系统密钥存储已锁定或不存在。请将其解锁，然后重试。'
      : what === 'passphrase'
        ? '此设备的密钥由口令锁住。请用命令“lockstep start”启动，它会询问口令。'
        : '无法解锁此设备的身份：打开密钥所需的秘密已丢失，或其数据来自另一台电脑。Lockstep 不会自行生成新的密钥来代替。',
  'index-unreadable': () => '无法读取 Lockstep 对某个文件夹的记录。它会重新检查该文件夹。',
  'disk-failed': (facts) => `磁盘未能完成操作${at(facts)}。请检查磁盘及其权限。`,
  'no-space': () => '磁盘已满。请腾出空间后重试。',
  'peer-misbehaved': () => '另一台设备的应答无法理解。请检查两者是否运行相同的版本。',
  'version-unsupported': () => '另一台设备运行的是不同版本的 Lockstep。请更新两者。',
  'not-allowed': ({ what }) =>
    what === 'recovery-code'
      ? '这些不是这组设备的恢复词。请按纸上所写输入全部十二个词。'
      : what === 'removed-already'
        ? '该设备已被移除。'
        : what === 'remove-self'
          ? '设备不能移除自己。可以在“设置”中离开其他设备。'
          : what === 'folder-paused'
            ? '文件夹已暂停。请先恢复。'
            : what === 'undone-already'
              ? '它已被撤销。'
              : what === 'directory-in-the-way' || what === 'file-in-the-way'
                ? '有同名的其他内容挡在那里。请先移开。'
                : '目前不允许这样做。请稍后重试。',
  interrupted: ({ what }) =>
    what === 'pairing' ? '另一台设备中断了配对。请在两台设备上重新开始。' : '操作已中断。请重试。',
  internal: () => 'Lockstep 自身出错。您的文件没有变化。如果再次出现，请重新启动它。',
};

export const zhErrors: ErrorWords = {
  explainError: ({ code, facts }) => (sentences[code] ?? sentences.internal)(facts),
};
