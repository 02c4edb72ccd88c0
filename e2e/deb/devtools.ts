/** What the only page of a program says to `expression`, by the debugging port that the program has told of; undefined while there is none. */
export async function askPage(said: string, expression: string): Promise<unknown> {
  const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1];
  if (port === undefined) return undefined;
  const targets: readonly { readonly type: string; readonly webSocketDebuggerUrl: string }[] = await (
    await fetch(`http://127.0.0.1:${port}/json/list`)
  ).json();
  const page = targets.find(({ type }) => type === 'page');
  if (page === undefined) return undefined;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>();
  socket.onerror = () => reject(new Error('the debugging port closed'));
  socket.onmessage = ({ data }) => resolve(String(data));
  socket.onopen = () =>
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  try {
    return JSON.parse(await answer).result.result.value;
  } finally {
    socket.close();
  }
}
