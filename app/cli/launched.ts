// Ends this process when the launcher that started it is gone. To be imported before anything else.
// Without a launcher (an already new enough Node) there is no channel, and nothing happens here.
// RACE: Ctrl-C in a terminal reaches this process twice, from the terminal and from the launcher, so whoever handles
// SIGINT must take a second one, shortly after, for the same wish.

/** Ends as a SIGTERM would: whoever handles that signal gets to finish its work first. */
function endLikeTerminated(): void {
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143);
}

if (process.connected !== undefined && process.send !== undefined) {
  if (process.connected) {
    process.once('disconnect', endLikeTerminated);
    // Listening alone would keep a finished command running.
    process.channel?.unref();
  } else {
    // The launcher went away while this process was starting: the handlers of the modules to come do not exist yet.
    setImmediate(endLikeTerminated);
  }
}
