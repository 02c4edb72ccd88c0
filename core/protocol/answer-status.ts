import { bytesToHex } from '../base/pure.ts';
import type { FolderId } from '../model/ids.ts';
import type { CborValue } from './cbor.ts';
import { readBytes, readInteger } from './cbor-read.ts';

/** How a request was met; `not-yet` of a block of a file that the device is receiving itself. */
export type AnswerStatus = 'here' | 'not-here' | 'busy' | 'not-allowed' | 'not-yet';

/** Codes of {@link AnswerStatus}, used for blocks too. */
export const statusCodes: Readonly<Record<AnswerStatus, number>> = {
  here: 0,
  'not-here': 1,
  busy: 2,
  'not-allowed': 3,
  'not-yet': 4,
};

/** An {@link AnswerStatus} from its code; a code of a later version is `busy`: ask somebody else. */
export function readStatus(value: CborValue | undefined): AnswerStatus {
  return nameOfCode(statusCodes, readInteger(value, 0, Number.MAX_SAFE_INTEGER, 'status'), 'busy');
}

/** The name with this code, or `unknown` for a code of a later version. */
export function nameOfCode<Name extends string, Unknown>(
  names: Readonly<Record<Name, number>>,
  code: number,
  unknown: Unknown,
): Name | Unknown {
  for (const name in names) if (names[name] === code) return name;
  return unknown;
}

/** The 16 bytes of a folder's id. */
export function readFolderId(value: CborValue | undefined): FolderId {
  return bytesToHex(readBytes(value, 16, 16, 'folder-id')) as FolderId;
}
