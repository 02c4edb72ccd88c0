// Runs at the end of every `npm install`, under whichever Node runs that, from 18 up.
import { linkPinnedNode, pinnedNode, runNpm } from './pinned-node.mjs';

const node = pinnedNode();
const installer = /\bnode\/v(\d+)/.exec(process.env.npm_config_user_agent || '');
// npm leaves out optional packages, such as the binaries of the tools, that want a newer Node than its own.
if (node !== undefined && installer !== null && Number(installer[1]) < 24) {
  process.exitCode = runNpm(node, ['install', '--ignore-scripts']);
}
linkPinnedNode();
