import type { LanguageChoice, Question, Theme } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';

/** Words of the Settings screen, of questions, of what a folder leaves out, and of the first steps. */
export const enSettings = (format: Format) => ({
  thisDeviceTitle: 'This device',
  nameField: 'Name',
  nameHelp: 'What your other devices call it.',
  nameSave: 'Save',
  lookTitle: 'Window',
  theme: 'Colours',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>,
  language: 'Language',
  /** Each language by its own name, so that it is found by whoever reads no other. */
  languages: {
    system: 'As the system',
    en: 'English',
    de: 'Deutsch',
    zh: '中文',
  } satisfies Record<LanguageChoice, string>,
  startTitle: 'Start',
  autostart: 'Start with the session',
  autostartHelp: 'Lockstep then waits in the tray, and syncs from the moment you sign in.',
  notificationsTitle: 'Notifications',
  notifications: 'Tell me when something needs me',
  notificationsHelp:
    'A device that asks to join, a conflict, a question, a removal. Never that syncing is done.',
  pauseTitle: 'Syncing',
  pauseNow:
    'Syncing goes on by itself. Pause it for a time with the button above, or a single folder on the Folders screen.',
  pausedNow: 'Syncing is paused. Resume it with the button above.',
  keepDays: 'Keep former versions for (days)',
  maxShare: 'At most this much of the disk (per cent)',
  massShare: 'When more than this much of a folder would go (per cent)',
  massCount: 'and more than so many files',
  advanced: 'Advanced',
  saveSettings: 'Save',
  numberWrong: (least: number, most: number) => `From ${format.number(least)} to ${format.number(most)}.`,
  groupTitle: 'Your devices together',
  groupNone: 'This device does not belong with others yet.',
  groupRecovery: 'They have a recovery code.',
  groupNoRecovery: 'They have no recovery code. It can only be made when devices are first brought together.',
  leaveGroup: 'Leave them…',
  helpTitle: 'Help',
  report: 'Save a report…',
  reportHelp:
    'A text with what Lockstep knows of its state and the end of its log, to find a fault with. Read it before you send it: names of folders, files and devices are in it; no keys, and nothing of what is in your files.',
  reportSaved: 'The report is saved.',
  version: (version: string) => `Lockstep ${version}`,

  questionsTitle: 'Waiting for your decision',
  questionYes: {
    'mass-change': 'Let it happen',
    'removed-device': 'Take them in again',
    'pending-device': 'Let it in',
  } satisfies Record<Question['kind'], string>,
  questionNo: {
    'mass-change': 'Bring the files back',
    'removed-device': 'Leave them out',
    'pending-device': 'Refuse it',
  } satisfies Record<Question['kind'], string>,
  questionSince: (iso: string, now: number) =>
    `Since ${format.moment(iso, now)}. Until you decide, nothing more of it is done here.`,
  answeredApply: 'It is let happen.',
  answeredUndo: 'It is not: what was there is back, or stays.',
  questionBadge: (n: number) => format.count(n, { one: 'question waits', other: 'questions wait' }),

  chooseWhat: 'Choose what is kept here…',
  chooseTitle: (name: string) => `What is kept of “${name}”`,
  chooseHere: 'On this device',
  chooseAll: 'Everything',
  chooseSome: 'Only these directories',
  chooseSomeHelp:
    'What is here of the others stays, but is no longer kept in step. Files beside the directories are always kept.',
  chooseNone: 'There are no directories in it yet.',
  ignoreTitle: 'Left out on all devices',
  ignoreHelp:
    'Patterns as in a .gitignore, one at a time: *.tmp, build/, /notes.txt. What fits is neither sent nor changed nor deleted.',
  ignoreList: 'Patterns',
  ignoreNone: 'Nothing is left out.',
  ignoreField: 'New pattern',
  ignoreAdd: 'Add',
  ignoreRemove: (pattern: string) => `Take away ${pattern}`,
  ignoreTestField: 'Try a path',
  ignoreTest: 'Try',
  ignoreSays: (path: string, isIgnored: boolean, rule: string | null) =>
    isIgnored ? `“${path}” is left out${rule === null ? '' : `, by ${rule}`}.` : `“${path}” is kept in step.`,

  firstWelcome: 'Welcome to Lockstep',
  firstIntro: 'It keeps folders the same on your devices. Nothing is stored on a server.',
  firstStep: (step: number) => `Step ${step} of 3`,
  firstNameTitle: 'Name this device',
  firstNameHelp: 'Your other devices will call it that.',
  firstNext: 'Go on',
  firstBack: 'Back',
  firstLater: 'Do this later',
  firstChooseTitle: 'How do you want to begin?',
  firstFolder: 'Start with a folder',
  firstFolderHelp: 'This is my first device with Lockstep. I choose a directory to keep in step.',
  firstJoin: 'Join a device I already use',
  firstJoinHelp: 'Another device of mine has Lockstep. I want its folders here too.',
  firstCodeTitle: 'Your recovery code',
  firstCodeBody:
    'Twelve words on paper decide which devices belong together if one is ever stolen and turns against the others. They are shown once, in a window of their own; you type two of them back.',
  firstCodeShow: 'Show the twelve words',
  firstCodeDone: 'You have the recovery code. Keep the paper away from your devices.',
  firstCodeJoined:
    'The devices you joined have a recovery code if one was made when they were first brought together. It was shown there, and stays good for this device too.',
  firstFinish: 'Finish',
  firstJoinWays: 'How do you want to join it?',
});

export type SettingsWords = ReturnType<typeof enSettings>;
