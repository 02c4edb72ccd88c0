import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { collectAtRest, invariant, systemClock } from '../base/base.ts';
import { createNodeFileSystem } from '../filesystem/filesystem.ts';
import { createScanJobs } from './scan-jobs.ts';
import type { ScanOrder } from './scan-messages.ts';

// The entry file of the scan thread: waits for an order, then works, hearing further orders between two steps, until nothing is left to
// do. It only looks and reads, but what is mounted inside a folder only a native call tells.
const port = parentPort;
invariant(port !== null, 'the scan worker runs in a thread of its own');
collectAtRest();

const jobs = createScanJobs(
  { fileSystem: createNodeFileSystem(), monotonic: () => systemClock.monotonic() },
  (news, transfer) => port.postMessage(news, transfer),
);

port.on('message', (order: ScanOrder) => {
  jobs.take(order);
  while (jobs.step()) {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      jobs.take(next.message as ScanOrder);
    }
  }
});
