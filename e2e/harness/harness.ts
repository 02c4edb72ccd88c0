/** Front door of the harness: real devices, each its own process with its own home, and ways to look at what they did. */
export {
  type CommandPlace,
  type CommandResult,
  collect,
  launcher,
  runCommand,
  spawnCommand,
} from './command.ts';
export { type DeviceSetup, type Exit, type RunningDevice, startDevice } from './device.ts';
export { type KeyringSession, startKeyringSession } from './keyring.ts';
export { contentOf, type Tree, type TreeItem, treeOf } from './tree-of.ts';
export { waitUntil, withDeadline } from './wait-until.ts';
