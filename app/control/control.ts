/** Front door of `control`: how commands and the window ask a running device, and how it answers. */
export { type ControlClient, connectControl } from './client.ts';
export { controlPaths } from './control-path.ts';
export { callMethod, methodNames } from './methods.ts';
export { type ControlServer, serveControl } from './server.ts';
export { errorToWire, type ParamsOf, type ResultOf, type WireError, wireToError } from './wire.ts';
