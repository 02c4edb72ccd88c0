import type { Command } from 'commander';
import type { EngineEvent } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import { printable } from '../format.ts';
import { parseCursor } from '../parse.ts';
import type { AddCommand } from '../shell.ts';
import { activityText } from '../version-text.ts';

/** `lockstep events`: one line an event until it is interrupted. */
export function addEventsCommand(program: Command, add: AddCommand): void {
  add(
    program,
    'events',
    'follow what happens, one line an event',
    async (surface, options: { since?: string }) => {
      const since = options.since === undefined ? undefined : parseCursor(options.since);
      await surface.withDevice(async (device) => {
        const tell = (event: EngineEvent): void => surface.output.result(event, [eventLine(event)]);
        await device.follow(tell, since);
        await device.ended;
      });
      if (!surface.signal.aborted)
        throw new SyncError('interrupted', { what: 'device-gone' }, { retry: 'soon' });
    },
  ).option('--since <CURSOR>', 'begin after this event, as far back as the device still knows');
}

function eventLine(event: EngineEvent): string {
  switch (event.kind) {
    case 'status':
      return `${event.cursor} the status has changed`;
    case 'device-asks':
      return `${event.cursor} ${printable(event.name)} asks to join; its words: ${event.words}`;
    case 'device-joined':
      return `${event.cursor} a device has joined: ${event.device}`;
    case 'folder-offered':
      return `${event.cursor} the folder ${printable(event.name)} is offered: ${event.folderId}`;
    case 'change':
      return `${event.cursor} ${event.what} ${printable(event.path)}`;
    case 'activity':
      return `${event.cursor} ${activityText({ kind: event.what, isNew: event.isNew })}: ${event.path === '' ? 'the whole folder' : printable(event.path)}`;
    case 'problem':
      return `${event.cursor} not in step: ${printable(event.path)} (${event.problem})`;
  }
}
