/** Parts of the host's side that load neither Nest nor zod, for programs that must start fast. Drivers do not need it. */
export { INTERFACE_KINDS, type InterfaceKind } from './decorators/interface-kinds.js';
export { LONGEST_TIMER, milliseconds } from './duration.js';
export { isJsonObject } from './json.js';
export { printable } from './printable.js';
export { secretWord, type TextPart } from './secret-keys.js';
export { settingName, settingsPrefix } from './settings/setting-names.js';
