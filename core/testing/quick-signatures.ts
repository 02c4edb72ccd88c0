// Imported before anything else, puts the system's Ed25519 in place of the product's: see quick-ed25519.ts.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const isWanted = specifier === '@noble/curves/ed25519.js';
    if (!isWanted || context.parentURL?.endsWith('/quick-ed25519.ts') === true)
      return next(specifier, context);
    return { url: new URL('./quick-ed25519.ts', import.meta.url).href, shortCircuit: true };
  },
});
