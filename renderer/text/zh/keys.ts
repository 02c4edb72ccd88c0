import type { KeyPlaceWords } from '../en/keys.ts';

export const zhKeys = (): KeyPlaceWords => ({
  keyQuestionState: 'Lockstep 启动前有一个问题。',
  keyQuestionTitle: '此设备的密钥应保存在哪里？',
  keyQuestionBody:
    '密钥使这台电脑成为您的设备之一。Lockstep 在此系统上没有找到可以锁住它的密钥环。放在普通文件中时，只有您自己的用户能够读取；但如果有人拿到该文件，例如从被盗的磁盘或备份中，就能冒充此设备，直到您将其移除。',
  keyQuestionKeyring: '若要锁住密钥，请先设置密钥环（例如 GNOME 密钥环或 KWallet），将其解锁，然后重试。',
  keyQuestionAgain: '现在有密钥环了：重试',
  keyQuestionPlain: '把密钥保存在普通文件中',
  keyPlace: {
    'os-store': '密钥由系统锁住',
    keyring: '密钥由密钥环锁住',
    'systemd-creds': '密钥由系统锁住',
    passphrase: '密钥由口令锁住',
    plain: '密钥未上锁',
    unknown: '',
  },
});
