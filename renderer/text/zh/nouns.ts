import type { Encoding } from '../../state/decode-text.ts';

export const files = { other: '个文件' };
export const items = { other: '个项目' };
export const changes = { other: '处更改' };
export const devices = { other: '台设备' };
export const directories = { other: '个目录' };

export const encodings: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': '西欧 (Windows-1252)',
};
