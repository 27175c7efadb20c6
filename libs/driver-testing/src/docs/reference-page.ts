import { declarationsOf, interfaceOf } from '@ferrule/driver-kit/host';
import { settingName, settingsPrefix } from '@ferrule/driver-kit/plain';
import { z } from 'zod';
import { schemaOf } from '../arguments/json-schema.js';
import { type HardwareType, type Method, type Subject, type VendorInterface } from '../subject/subject.js';
import { code, defaultText, sentence, table } from './markdown.js';
import { memberRows } from './member-rows.js';
import { methodSection, methodTable, periodicTable } from './method-section.js';

/** What the page needs of a package.json. */
export interface PackageText {
  readonly name: string;
  readonly description?: string;
}

/** The reference page of a driver package, in Markdown. */
export function referencePage({ name, description = '' }: PackageText, subjects: readonly Subject[]): string {
  const types = subjects.flatMap(({ hardwareTypes }) => hardwareTypes);
  const interfaces = subjects.flatMap((subject) => subject.interfaces);
  const blocks = [
    `# Reference of ${name}`,
    sentence(description),
    '`npx ferrule-check docs` writes this page from the code.',
    ...types.flatMap((type, at) => hardwareTypeSection(type, types.slice(0, at))),
    ...interfaces.flatMap((each, at) => interfaceSection(each, interfaces.slice(0, at))),
    ...settingsSection(name, subjects),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function hardwareTypeSection({ name, options }: HardwareType, before: readonly HardwareType[]): string[] {
  const interfaces = options.interfaces.vendor.map((type) =>
    code(interfaceOf('vendor', type)?.name ?? type.name),
  );
  const same = before.find((other) => other.options.driverInfo === options.driverInfo);
  const info =
    same === undefined || options.driverInfo === undefined
      ? table(
          ['driver_info', 'value', 'default', 'meaning'],
          memberRows(schemaOf(options.driverInfo ?? z.object({}))),
        )
      : [`Its driver_info is that of ${code(same.name)}.`];
  return [
    `## Hardware type ${code(name)}`,
    sentence(options.description ?? ''),
    `Vendor interfaces, the default first: ${interfaces.join(', ')}.`,
    ...info,
  ];
}

function interfaceSection(each: VendorInterface, before: readonly VendorInterface[]): string[] {
  const [base] = before.filter((other) => each.methods.some((method) => isOf(other, method)));
  const inherited = base ? each.methods.filter((method) => isOf(base, method)) : [];
  const own = each.methods.filter((method) => !inherited.includes(method));
  const names = inherited.map(({ name }) => code(name)).join(', ');
  return [
    `## Vendor interface ${code(each.name)}`,
    ...(base ? [`It has these methods of ${code(base.name)}: ${names}.`] : []),
    ...methodTable(own),
    ...own.flatMap(methodSection),
    ...periodicTable(each.type),
  ];
}

/** Whether an interface has a method that another one inherits unchanged. */
function isOf({ methods }: VendorInterface, { declaration }: Method): boolean {
  return methods.some((method) => method.declaration === declaration);
}

function settingsSection(packageName: string, subjects: readonly Subject[]): string[] {
  const declarations = subjects.flatMap(({ declared }) =>
    declared ? declarationsOf(packageName, declared) : [],
  );
  const packages = new Map(
    declarations.flatMap((each) => (each.settings ? [[each.settings.schema, each.package] as const] : [])),
  );
  const rows = [...packages].flatMap(([schema, owner]) =>
    Object.entries(schemaOf(schema).properties ?? {}).map(([name, setting]) => [
      code(`FERRULE_${settingsPrefix(owner)}_${settingName(name)}`),
      defaultText(setting),
      [sentence(setting.description ?? ''), ...(setting.writeOnly === true ? ['Never printed.'] : [])].join(
        ' ',
      ),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    '## Settings',
    ...table(['variable', 'default', 'meaning'], rows),
    'Each can be read from a file that `<variable>_FILE` names.',
  ];
}
