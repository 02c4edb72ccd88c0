/** LIMIT: a network that throws more often than this, within the span below, is broken, not late. */
const maxLateErrors = 20;
const spanMs = 60_000;

/** Tells an error that nothing waits for any more from one that makes this process unfit to go on. */
export interface LateErrors {
  /** Whether the process may go on after `error`. */
  isHarmless(error: unknown, nowMs: number): boolean;
}

/**
 * The network library throws out of a timer or socket event when a stream is opened in the very tick its connection closes, and when a connection
 * comes in while the listener closes; those connections are over anyway. Anything else, or too many of these, is not harmless.
 */
export function createLateErrors(): LateErrors {
  let recent: number[] = [];
  return {
    isHarmless(error, nowMs) {
      if (!isOfNetworkLibrary(error)) return false;
      recent = [...recent.filter((at) => nowMs - at < spanMs), nowMs];
      return recent.length <= maxLateErrors;
    },
  };
}

/** Thrown by the library itself: the innermost place of its stack that is not Node's own lies in it. */
function isOfNetworkLibrary(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const innermost = error.stack?.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('node:'));
  if (innermost !== undefined) return /node_modules[\\/](@?libp2p|@chainsafe)[\\/]/.test(innermost);
  // Errors of sockets have no place in any module: they end one connection each.
  return ['ECONNRESET', 'EPIPE', 'ENOTCONN', 'ETIMEDOUT'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}
