import { type Random, randomHex } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { RelativePath } from '../model/path.ts';

const commitPattern = /^c-([0-9a-f]{40})-([0-9a-f]{16})-(.+)$/;
const versionPattern = /^([0-9a-f]{40})-[0-9a-f]{16}$/;
const respellPrefix = 'r-';
const uniqueBytes = 8;

/**
 * The name a staged thing carries while it is committed. No other commit ever uses it, so whatever lies under it later belongs to this
 * one, be it what was staged or what came out in exchange; and it tells the path and the name it was staged under.
 */
export function commitName(
  index: FolderIndex,
  random: Random,
  path: RelativePath,
  stagedName: string,
): string {
  return `c-${index.keyOf(path)}-${randomHex(random, uniqueBytes)}-${stagedName}`;
}

/** The name of a thing set aside while only its spelling changes. */
export function respellName(index: FolderIndex, random: Random, path: RelativePath): string {
  return `${respellPrefix}${index.keyOf(path)}-${randomHex(random, uniqueBytes)}`;
}

/** A name in the version store: it tells the path, so that a file there is not lost with the index. */
export function versionName(index: FolderIndex, random: Random, path: RelativePath): string {
  return versionNameOf(index.keyOf(path), randomHex(random, uniqueBytes));
}

/** The parts of a {@link commitName}, or undefined if `name` is none. */
export function readCommitName(
  name: string,
): { readonly stagedName: string; readonly versionName: string } | undefined {
  const [, key, unique, stagedName] = commitPattern.exec(name) ?? [];
  if (key === undefined || unique === undefined || stagedName === undefined) return undefined;
  return { stagedName, versionName: versionNameOf(key, unique) };
}

/** Whether `name` is a {@link respellName}. */
export function isRespellName(name: string): boolean {
  return name.startsWith(respellPrefix);
}

/** Whether `name` is that of a download under way, whose bytes are nobody's work here. */
export function isPartName(name: string): boolean {
  return name.endsWith('.part') && readCommitName(name) === undefined;
}

/** The trie key of the path a file in the version store was at, or undefined if the name does not tell. */
export function keyOfVersionName(name: string): string | undefined {
  return versionPattern.exec(name)?.[1];
}

function versionNameOf(key: string, unique: string): string {
  return `${key}-${unique}`;
}
