import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import {
  type Class,
  type DriverModuleDeclaration,
  hardwareTypeOf,
  type SharedModuleDeclaration,
} from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { isClass } from './is-class.js';
import { isSettingsClass } from './is-settings-class.js';
import { NAME, OBJECT_SCHEMA, wrongOptions } from './wrong-options.js';

const A_CLASS = z.custom(isClass, 'it must be a class');
const CLASSES = z.array(A_CLASS, 'it must be a list of classes').min(1, 'it must name at least one class');
const LIST = z.array(z.unknown(), 'it must be a list').optional();
const SETTINGS = z.custom(isSettingsClass, 'it must be a class made with Settings()').optional();
const NAMES = z
  .array(z.string(), 'it must be a list of names')
  .min(1, 'it must name at least one')
  .optional();

const CLASSES_OR_NAMES = z
  .array(
    z.union([A_CLASS, z.string()], 'it must be a class or a name'),
    'it must be a list of classes and names',
  )
  .min(1, 'it must name at least one')
  .optional();

const INTERFACES = z.strictObject(
  {
    ...Object.fromEntries(INTERFACE_KINDS.map((kind) => [kind, NAMES])),
    power: CLASSES_OR_NAMES,
    management: CLASSES_OR_NAMES,
    vendor: CLASSES,
  },
  'it must be an object like { vendor: [AcmeVendor] }',
);

const MODULE = z.strictObject({
  kit: z.number(),
  hardwareTypes: CLASSES,
  imports: LIST,
  providers: LIST,
  settings: SETTINGS,
  handlesAllErrors: z.boolean('it must be true or false').optional(),
});

const SHARED = z.strictObject({
  package: z.string('it must be the name of the package').min(1, 'it must not be empty'),
  providers: z.array(z.unknown(), 'it must be a list'),
  imports: LIST,
  settings: SETTINGS,
});

const HARDWARE_TYPE = z.strictObject({
  name: NAME,
  description: z.string('it must be a text').optional(),
  driverInfo: OBJECT_SCHEMA.optional(),
  interfaces: INTERFACES,
});

export interface DeclarationProblems {
  readonly problems: readonly string[];
  /** Its parts can be checked in spite of the problems. */
  readonly isReadable: boolean;
}

/** What TypeScript refuses, since a package may be written in JavaScript. */
export function moduleProblems({
  serviceSettings: _,
  ...options
}: DriverModuleDeclaration): DeclarationProblems {
  const problems = wrongOptions(MODULE, options).map((problem) => `its @DriverModule ${problem}`);
  return { problems, isReadable: MODULE.strip().safeParse(options).success };
}

export function sharedModuleProblems({
  serviceSettings: _,
  module: __,
  ...options
}: SharedModuleDeclaration): DeclarationProblems {
  const problems = wrongOptions(SHARED, options).map((problem) => `its @SharedModule ${problem}`);
  return { problems, isReadable: SHARED.strip().safeParse(options).success };
}

export function hardwareTypeProblems(hardwareType: Class): DeclarationProblems {
  const options = hardwareTypeOf(hardwareType);
  if (options === undefined) {
    const problem = 'it is among the hardwareTypes of the module, but has no @HardwareType';
    return { problems: [problem], isReadable: false };
  }
  const problems = wrongOptions(HARDWARE_TYPE, options).map((problem) => `its @HardwareType ${problem}`);
  return { problems, isReadable: INTERFACES.strip().safeParse(options.interfaces).success };
}
