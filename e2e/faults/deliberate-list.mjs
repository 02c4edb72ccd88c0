// The ways in which deliberate-faults.mjs breaks the engine, each with who must notice.

/**
 * @typedef {{ file: string, from: string, to: string }} Edit `from` must be in the file; every place of it is changed.
 * @typedef {{ says: string, edits: readonly Edit[], tests?: readonly string[] }} Fault Without `tests`, worlds must notice it.
 */

/** Faults in the rules of membership, which random histories with a thief in them must notice. @type {readonly Fault[]} */
const membershipFaults = [
  {
    says: 'lets what a removed device wrote count in the group once a single one of its removals had seen it',
    edits: [
      {
        file: 'core/trust/resolve.ts',
        from: 'return hasBit(bits, node.index);',
        to: 'return cutoffs.some((cutoff) => hasBit(cutoff.past, node.index));',
      },
    ],
  },
  {
    says: 'lets a removal from the group fall when whoever wrote it is removed unseen',
    edits: [
      {
        file: 'core/trust/resolve.ts',
        from: "} else if (body.kind === 'revoke' && inScope(node)) {",
        to: "} else if (body.kind === 'revoke' && inScope(node) && !nodes.some(({ op, past }) => op.body.kind === 'revoke' && op.body.targets.some(({ key }) => key === author) && !hasBit(past, node.index))) {",
      },
    ],
  },
  {
    says: 'lets what was written before a reset of the group count after it',
    edits: [
      {
        file: 'core/trust/resolve.ts',
        from: 'epoch === 0 || resets.some((reset) => reset !== node && hasBit(node.past, reset.index));',
        to: 'epoch === 0 || resets.length > 0 || hasBit(node.past, 0);',
      },
    ],
  },
  {
    says: 'lets a device that was never truly let into the group remove others in answer',
    edits: [
      {
        file: 'core/trust/validity.ts',
        from: "if (body.kind !== 'revoke' || !past.resolution.alive.has(author)) return false;",
        to: "if (body.kind !== 'revoke') return false;",
      },
    ],
  },
  {
    says: 'lets nobody who was removed from the group answer it',
    edits: [
      {
        file: 'core/trust/validity.ts',
        from: "if (!resolution.active.has(author) && !isCounterRevocation(author, body, past)) return 'author-not-active';",
        to: "if (!resolution.active.has(author) && (author !== op.author || !isCounterRevocation(op.author, { kind: 'merge' }, past))) return 'author-not-active';",
      },
    ],
  },
  {
    says: 'lets whoever was removed from the group remove anybody in answer',
    edits: [
      {
        file: 'core/trust/validity.ts',
        from: 'return body.targets.every(({ key }) => allowed.has(key));',
        to: 'return body.targets.length > 0 || allowed.size > 0;',
      },
    ],
  },
  {
    says: 'lets a key that was removed from the group be admitted again',
    edits: [
      { file: 'core/trust/validity.ts', from: "if (revoked.has(key)) return 'key-revoked';", to: '' },
      {
        file: 'core/trust/resolve.ts',
        from: 'const active = alive.difference(revoked);',
        to: "const active = alive.difference(new Set([...revoked].filter((key) => !nodes.some(({ op }) => op.body.kind === 'admit' && op.body.key === key && inScope(nodes.find(({ op: other }) => other === op) as OpNode) && nodes.some(({ op: removal, index }) => removal.body.kind === 'revoke' && removal.body.targets.some((target) => target.key === key) && hasBit((nodes.find(({ op: other }) => other === op) as OpNode).past, index))))));",
      },
    ],
  },
].map((fault) => ({ ...fault, tests: ['core/trust/membership-history.test.ts'] }));

/** All of them, in the order in which they are tried. @type {readonly Fault[]} */
export const faults = [
  {
    says: 'replaces and removes without looking who stands there',
    edits: [
      { file: 'core/apply/place-and-retire.ts', from: '!isSameObserved(now, before, true)', to: 'false' },
      { file: 'core/apply/place-and-retire.ts', from: '!isSameButRenamed(out, before)', to: 'false' },
      { file: 'core/apply/place-and-retire.ts', from: 'isSameButRenamed(out, before) ?', to: 'true ?' },
    ],
  },
  {
    says: 'removes the old file before the new one is in place',
    edits: [
      {
        file: 'core/apply/place-and-retire.ts',
        from: 'if (!isRespelled && fileSystem.exchange(aside, target)) {',
        to: "if (!isRespelled) { fileSystem.remove(target); fileSystem.renameNew(aside, target); return 'done'; }\n  if (fileSystem.exchange(aside, target)) {",
      },
    ],
  },
  {
    says: 'does not flush directories after a commit',
    edits: [{ file: 'core/apply/commit-group.ts', from: 'await flushNames(context, steps);', to: '' }],
  },
  {
    says: 'does not flush staged files before they are shown',
    edits: [{ file: 'core/apply/commit-group.ts', from: 'await flushStaged(context, steps);', to: '' }],
  },
  {
    says: 'drops what it replaces instead of keeping it',
    edits: [
      {
        file: 'core/apply/place-and-retire.ts',
        from: 'fileSystem.renameNew(aside, version);',
        to: 'fileSystem.remove(aside);',
      },
    ],
  },
  {
    says: 'takes an intent for done without asking the disk',
    edits: [
      {
        file: 'core/apply/settle-intent.ts',
        from: "if (now !== undefined && isSameInode(now, staged)) return { verdict: 'happened', stored };",
        to: "return { verdict: 'happened', stored };",
      },
    ],
  },
  {
    says: 'does not flush the directory that a file was put into',
    edits: [
      {
        file: 'core/apply/commit-group.ts',
        from: 'root.versions, ...done.map(parentOfStep)]',
        to: 'root.versions]',
      },
    ],
  },
  {
    says: 'records what it found before the names of it are flushed',
    edits: [{ file: 'core/engine/outward.ts', from: 'await flushNames(named);', to: 'named.clear();' }],
  },
  {
    says: 'takes a directory that cannot be listed for an empty one',
    edits: [
      {
        file: 'core/scanner/walk.ts',
        from: 'return failedListing(path, diskPath, error.code)',
        to: 'return { path, diskPath, entries: [], clashes: [], problems: [] }',
      },
    ],
    tests: ['core/scanner'],
  },
  {
    says: 'takes a failed look for an absence',
    edits: [
      {
        file: 'core/engine/path-looks.ts',
        from: "cause: error.code });\n        return 'unknown';",
        to: 'cause: error.code });\n        return { observed: undefined, content: undefined };',
      },
    ],
  },
  {
    says: 'looks through a symlink above a path',
    edits: [
      {
        file: 'core/engine/path-looks.ts',
        from: 'fault === undefined ? lookForms(path) : undefined',
        to: 'lookForms(path)',
      },
      {
        file: 'core/engine/outward.ts',
        from: 'directory === undefined ? undefined : root.parentFault(`${spell(directory)}/x`)',
        to: 'undefined as ReturnType<typeof root.parentFault>',
      },
    ],
    tests: ['core/engine/device.test.ts'],
  },
  {
    says: 'writes the deletion of a directory before those of what was in it',
    edits: [
      {
        file: 'core/engine/write-order.ts',
        from: 'went.sort((a, b) => compareText(b, a))',
        to: 'went.sort((a, b) => compareText(a, b))',
      },
    ],
    tests: ['core/engine/write-order.test.ts'],
  },
  {
    says: 'ignores that the mark of a folder is missing',
    edits: [
      {
        file: 'core/engine/folder-root.ts',
        from: "if (marker === 'missing') return 'marker-missing';",
        to: "if (marker === 'missing') return undefined;",
      },
    ],
  },
  {
    says: 'changes on its disk what a rule says to ignore',
    edits: [
      {
        file: 'core/engine/folder-rules.ts',
        from: "if (ignore.isIgnored(path, kind ?? 'file')) return 'ignored';",
        to: '',
      },
    ],
  },
  {
    says: 'takes no notice of the time a file was given while it was ignored',
    edits: [
      {
        file: 'core/reconcile/classify.ts',
        from: "(base.status === 'held' || wasLeftOut(base))",
        to: "base.status === 'held'",
      },
    ],
  },
  {
    says: 'brings back after a lost index what was deleted meanwhile',
    edits: [
      {
        file: 'core/reconcile/classify.ts',
        from: 'members.some((member) => member.entry.from.includes(prefix))',
        to: 'false',
      },
      {
        file: 'core/reconcile/view.ts',
        from: 'tombstones !== undefined && isDeletedLeftover(group, tombstones)',
        to: 'false',
      },
    ],
  },
  {
    says: 'begins its counters anew at each start',
    edits: [
      {
        file: 'core/engine/folder-state.ts',
        from: 'let lastCounter = index.highestCounter(incarnation);',
        to: 'let lastCounter = 0;',
      },
      {
        file: 'core/engine/folder-state.ts',
        from: 'Math.max(lastCounter + 1, clock.now())',
        to: 'lastCounter + 1',
      },
    ],
  },
  {
    says: 'takes a start that nobody heard of for a sign that its index is an old copy',
    edits: [
      {
        file: 'core/engine/index-runs.ts',
        from: ' && generation < own.generation',
        to: '',
      },
    ],
    tests: ['core/engine/index-runs.test.ts'],
  },
  {
    says: 'writes the versions of a conflict one upon the other where it opens it again',
    edits: [
      {
        file: 'core/engine/folder-state.ts',
        from: 'besides.map(({ entry }) => entry.dot),',
        to: '[],',
      },
    ],
    tests: ['core/engine/removal.test.ts'],
  },
  {
    says: 'lets nobody pair again who was let in while the connection broke',
    edits: [
      {
        file: 'core/engine/pairing.ts',
        from: 'group.isAware(connection.peer)',
        to: 'group.isActive(connection.peer)',
      },
    ],
    tests: ['core/engine/pairing-again.test.ts'],
  },
  {
    says: 'counts one file too few as needed',
    edits: [
      {
        file: 'core/engine/status.ts',
        from: 'needFiles: totals.pendingPaths,',
        to: 'needFiles: Math.max(0, totals.pendingPaths - 1),',
      },
    ],
  },
  {
    says: 'says up to date without asking the others',
    edits: [{ file: 'core/engine/status.ts', from: 'holders.every(({ inStep }) => inStep)', to: 'true' }],
  },
  {
    says: 'takes equal content by two devices for two versions',
    edits: [
      {
        file: 'core/reconcile/view.ts',
        from: 'sameContent(contentOf(others[0].entry), content)',
        to: 'sameContent(contentOf(others[0].entry), content) && others[0].author === member.author',
      },
    ],
  },
  {
    says: 'lets the later write win without a conflict',
    edits: [
      {
        file: 'core/model/entry.ts',
        from: 'return !sameDot(f.dot, e.dot) && pastHas(f.past, e.dot) && !pastHas(e.past, f.dot);',
        to: 'return !sameDot(f.dot, e.dot) && f.changedAt > e.changedAt;',
      },
    ],
  },
  {
    says: 'lets the time of the file decide who wins',
    edits: [
      {
        file: 'core/model/entry.ts',
        from: 'a.entry.changedAt - b.entry.changedAt ||',
        to: "(a.entry.kind === 'file' && b.entry.kind === 'file' ? Number(a.entry.file.modifiedAtNs - b.entry.file.modifiedAtNs) : 0) ||\n    a.entry.changedAt - b.entry.changedAt ||",
      },
    ],
    tests: ['core/reconcile', 'core/model'],
  },
  {
    says: 'takes blocks without checking their hash',
    edits: [
      {
        file: 'core/chunker/checked-block.ts',
        from: 'blockHash(bytes) === hash ?',
        to: 'blockHash(bytes) !== undefined ?',
      },
    ],
    tests: ['core/transfer/block-fetch.test.ts', 'core/apply/staging.test.ts'],
  },
  {
    says: 'serves the index without asking whether the device is trusted',
    edits: [
      {
        file: 'core/transfer/index-server.ts',
        from: 'mayAccess(peer, folderId) ? dependencies.folder(folderId) : undefined',
        to: 'mayAccess !== undefined ? dependencies.folder(folderId) : undefined',
      },
    ],
    tests: ['core/transfer/index-exchange.test.ts'],
  },
  {
    says: 'takes over entries of authors that nobody admitted',
    edits: [{ file: 'core/transfer/entry-check.ts', from: '!trust.isKnownAuthor(sent.author)', to: 'false' }],
    tests: ['core/transfer/index-exchange.test.ts'],
  },
  {
    says: 'takes over entries without checking the signature',
    edits: [
      {
        file: 'core/transfer/entry-check.ts',
        from: 'await verifyChangeSet(wire, folderId, trust.verify);',
        to: '',
      },
    ],
    tests: ['core/transfer/index-exchange.test.ts'],
  },
  {
    says: 'answers streams before trust is done on their connection',
    edits: [
      {
        file: 'core/engine/peer-links.ts',
        from: 'if (link?.isTrustBegun !== true || (link.trust !== undefined && !mayAccess(link.peer))) {',
        to: 'if (link === undefined) {',
      },
      {
        file: 'core/engine/peer-links.ts',
        from: 'abortable(link.trusted.promise, link.ending.signal)',
        to: 'Promise.resolve()',
      },
      {
        file: 'core/engine/peer-links.ts',
        from: "if (!mayAccess(link.peer)) throw new SyncError('not-member');\n        return use(link);",
        to: 'return use(link);',
      },
    ],
    tests: ['core/testing/trust-first.test.ts'],
  },
  {
    says: 'goes on talking to a device that was removed',
    edits: [
      {
        file: 'core/engine/peer-links.ts',
        from: 'if (link.trust !== undefined && isUnwelcome)',
        to: 'if (link.trust === undefined && isUnwelcome)',
      },
      {
        file: 'core/engine/peer-links.ts',
        from: 'group.isActive(peer) && group.isActive(identity.deviceKey)',
        to: 'group.isActive(identity.deviceKey) || group.isActive(peer)',
      },
    ],
    tests: ['core/engine/removal.test.ts'],
  },
  {
    says: 'forgets a deletion before every device has shown it',
    edits: [
      {
        file: 'core/reconcile/floor.ts',
        from: 'isUnderVector(entry.past, floor)',
        to: '(isUnderVector(entry.past, floor) || true)',
      },
    ],
    tests: ['core/reconcile/floor.test.ts'],
  },
  {
    says: 'does not tell a peer of a device admitted during a slow exchange of trust',
    edits: [
      {
        file: 'core/engine/peer-links.ts',
        from: 'await Promise.all([following, session.push()]);',
        to: 'await following;',
      },
    ],
    tests: ['core/engine/peer-links.test.ts'],
  },
  ...membershipFaults,
];
