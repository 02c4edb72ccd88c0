/** Front door of `control` for the side that answers. The side that asks takes `client.ts`, which loads a third of this. */
export { controlPaths } from './control-path.ts';
export { callMethod, methodNames } from './methods.ts';
export { type ControlServer, serveControl } from './server.ts';
export { errorToWire, type ParamsOf, type ResultOf, type WireError, wireToError } from './wire.ts';
