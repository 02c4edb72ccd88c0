// Who may import what, in one table. `build/layers.mjs` enforces it.

/** Each room of core and the rooms it may import besides itself. */
const roomImports = {
  base: [],
  model: ['base'],
  protocol: ['base', 'model'],
  filesystem: ['base', 'model'],
  'file-index': ['base', 'model'],
  scanner: ['base', 'model', 'filesystem', 'chunker'],
  chunker: ['base', 'model', 'filesystem'],
  reconcile: ['base', 'model'],
  plan: ['base', 'model', 'reconcile'],
  limits: ['base', 'model'],
  trust: ['base', 'model', 'protocol'],
  network: ['base', 'model', 'protocol', 'trust'],
  transfer: ['base', 'model', 'protocol', 'filesystem', 'chunker', 'file-index', 'plan', 'limits', 'network'],
  apply: ['base', 'model', 'filesystem', 'chunker', 'file-index', 'plan'],
};

/** Rooms that decide without touching the world: no npm package, no Node module, of base only `pure.ts`. */
const pureRooms = '^core/(model|reconcile|plan|limits)/';

/** Outside things that only one place may touch. */
const owners = [
  {
    thing: 'the file system',
    modules: '^(node:)?fs(/promises)?$',
    within: '^core/',
    owner: '^core/(filesystem|file-index)/',
  },
  {
    thing: 'SQLite',
    modules: '^(node:)?sqlite$|(^|/)node_modules/@photostructure/',
    within: '^core/',
    owner: '^core/file-index/',
  },
  {
    thing: 'sockets',
    modules: '^(node:)?(net|tls|dgram|http|https|http2)$',
    within: '^core/',
    owner: '^core/network/',
  },
  {
    thing: 'libp2p',
    modules:
      '(^|/)node_modules/(libp2p|@libp2p|@chainsafe|@multiformats)/|^(libp2p|@libp2p|@chainsafe|@multiformats)(/|$)',
    within: '^(app|core|renderer)/',
    owner: '^core/network/',
  },
  {
    thing: 'Electron',
    modules: '(^|/)node_modules/electron/|^electron(/|$)',
    within: '^(app|core|renderer)/',
    owner: '^app/',
  },
  {
    thing: 'the keyring',
    modules: '(^|/)node_modules/@napi-rs/keyring/|^@napi-rs/keyring$',
    within: '^(app|core|renderer)/',
    owner: '^app/keys/',
  },
  {
    thing: 'chokidar',
    modules: '(^|/)node_modules/chokidar/|^chokidar$',
    within: '^(app|core|renderer)/',
    owner: '^core/filesystem/',
  },
  {
    thing: 'React',
    modules:
      '(^|/)node_modules/(react|react-dom|react-aria-components|lucide-react)/|^(react|react-dom)(/|$)',
    within: '^(app|core|renderer)/',
    owner: '^renderer/',
  },
];

/** Tests, suites that several implementations pass, the test-only world and a room's own such folder may import what they test. */
const testing = '^core/testing/|^core/[^/]+/testing/|^app/testing/';
const tests = `(\\.test|-suite)\\.tsx?$|${testing}`;

/** @param {readonly string[]} names */
const anyOf = (names) => `(${names.join('|')})`;

/**
 * @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule
 * @type {Rule[]}
 */
export const rules = [
  ...Object.entries(roomImports).map(([room, allowed]) => ({
    name: `room-${room}`,
    comment: `core/${room} may import of core only: ${[room, ...allowed].join(', ')}`,
    severity: /** @type {const} */ ('error'),
    from: { path: `^core/${room}/`, pathNot: tests },
    to: { path: '^core/', pathNot: `^core/${anyOf([room, ...allowed])}/` },
  })),
  {
    name: 'known-room',
    comment:
      'a folder of core that the table in build/layers-rules.mjs does not name may import nothing of core',
    severity: 'error',
    from: { path: '^core/', pathNot: `^core/${anyOf([...Object.keys(roomImports), 'engine', 'testing'])}/` },
    to: { path: '^core/' },
  },
  {
    name: 'front-door',
    comment: 'other rooms import a room by its front door ROOM/ROOM.ts (model: any file; base: also pure.ts)',
    severity: 'error',
    from: { path: '^core/([^/]+)/', pathNot: tests },
    to: {
      path: '^core/([^/]+)/(?!\\1\\.ts$)',
      pathNot: ['^core/$1/', '^core/model/', '^core/base/pure\\.ts$'],
    },
  },
  {
    name: 'pure-room',
    comment:
      'model, reconcile, plan and limits import only each other and core/base/pure.ts: no npm package, no Node module',
    severity: 'error',
    from: { path: pureRooms, pathNot: tests },
    to: { pathNot: [pureRooms, '^core/base/pure\\.ts$'] },
  },
  ...owners.map(({ thing, modules, within, owner }) => ({
    name: `owner-${thing.toLowerCase().replaceAll(' ', '-')}`,
    comment: `only ${owner} touches ${thing}`,
    severity: /** @type {const} */ ('error'),
    from: { path: within, pathNot: [owner, tests] },
    to: { path: modules },
  })),
  {
    name: 'testing-is-for-tests',
    comment: 'core/testing, core/ROOM/testing and app/testing are imported by tests only',
    severity: 'error',
    from: { path: '^(app|core|renderer)/', pathNot: tests },
    to: { path: testing },
  },
  {
    name: 'core-stands-alone',
    comment: 'core knows nothing of the app, the window, the end-to-end tests or the build',
    severity: 'error',
    from: { path: '^core/' },
    to: { path: '^(app|renderer|e2e|build)/' },
  },
  {
    name: 'app-enters-core-by-engine',
    comment: 'app and e2e enter core by core/engine/engine.ts and core/model/ only',
    severity: 'error',
    from: { path: '^(app|e2e)/' },
    to: { path: '^core/', pathNot: ['^core/engine/engine\\.ts$', '^core/model/'] },
  },
  {
    name: 'app-imports-core-only',
    comment: 'app does not import the window, but for its words, the end-to-end tests or the build',
    severity: 'error',
    from: { path: '^app/' },
    to: { path: '^(renderer|e2e|build)/', pathNot: '^renderer/text/' },
  },
  {
    name: 'renderer-sees-the-contract',
    comment: 'renderer imports only its own files and app/ipc/contract.ts; its tests also app/testing',
    severity: 'error',
    from: { path: '^renderer/' },
    to: { path: '^(app|core|e2e|build)/', pathNot: ['^app/ipc/contract\\.ts$', '^app/testing/'] },
  },
  {
    name: 'renderer-takes-types-only',
    comment: 'renderer imports app/ipc/contract.ts by `import type`',
    severity: 'error',
    from: { path: '^renderer/', pathNot: '\\.d\\.ts$' },
    to: { path: '^app/ipc/contract\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-circle',
    comment: 'files that import each other in a circle cannot be understood, or loaded, one at a time',
    severity: 'error',
    from: { pathNot: tests },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'declared-package',
    comment: 'every imported package stands in package.json',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'shipped-package',
    comment: 'what is shipped may not lean on a development dependency (Electron itself is the platform)',
    severity: 'error',
    from: { path: '^(app|core|renderer)/', pathNot: [tests, '\\.config\\.ts$'] },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: '(^|/)node_modules/electron/',
    },
  },
];
