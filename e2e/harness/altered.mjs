// Loaded before a device's own program, alters its text: a device that disobeys, as somebody could build one for himself.
import { registerHooks } from 'node:module';

/** @type {readonly { file: string, from: string, to: string }[]} `file` is how a module's URL ends; `from` must be in it. */
const edits = JSON.parse(process.env.LOCKSTEP_TEST_EDITS ?? '[]');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const mine = edits.filter(({ file }) => url.endsWith(file));
    if (mine.length === 0) return loaded;
    let source = Buffer.from(/** @type {Uint8Array} */ (loaded.source)).toString();
    for (const { file, from, to } of mine) {
      if (!source.includes(from)) throw new Error(`${file} has no “${from}”`);
      source = source.replaceAll(from, to);
    }
    return { ...loaded, source };
  },
});
