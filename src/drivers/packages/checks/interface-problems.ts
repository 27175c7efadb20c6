import { BOOT_DEVICES, POWER_TARGETS } from '@ferrule/driver-kit';
import {
  type Class,
  type ClassKind,
  hasStandardDecorators,
  interfaceOf,
  methodsOf,
  periodicsOf,
} from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { located } from './package-problem.js';
import { functionsOf, vendorProblems } from './vendor-problems.js';
import { NAME, wrongOptions } from './wrong-options.js';

interface Rules {
  readonly decorator: string;
  readonly options: z.ZodObject;
  readonly methods: readonly string[];
}

const RULES: Readonly<Record<Exclude<ClassKind, 'vendor'>, Rules>> = {
  power: {
    decorator: '@PowerInterface',
    options: z.strictObject({ name: NAME, targets: listOf(POWER_TARGETS) }),
    methods: ['getPowerState', 'setPowerState'],
  },
  management: {
    decorator: '@ManagementInterface',
    options: z.strictObject({ name: NAME, bootDevices: listOf(BOOT_DEVICES) }),
    methods: ['getBootDevice', 'setBootDevice'],
  },
};

function listOf(words: readonly string[]): z.ZodType {
  const message = `it must be a list of ${words.map((word) => `'${word}'`).join(', ')}`;
  return z.array(z.enum([...words], message), message).min(1, 'it must name at least one');
}

/** What the compiler refuses; a driver may be written in JavaScript. */
export function interfaceProblems(name: string, kind: ClassKind, target: Class): string[] {
  if (kind === 'vendor') return vendorProblems(name, target);
  const { decorator, options, methods } = RULES[kind];
  const declared = interfaceOf(kind, target);
  const place = { package: name, class: target.name };
  if (declared === undefined)
    return [located(place, `it is a ${kind} interface of a hardware type, but has no ${decorator}`)];
  const has = functionsOf(target.prototype);
  const isVendor = interfaceOf('vendor', target) !== undefined;
  const isCalled = methodsOf(target).length + periodicsOf(target).length > 0;
  return [
    ...wrongOptions(options, declared).map((problem) => `its ${decorator} ${problem}`),
    ...methods.filter((method) => !has.includes(method)).map((method) => `it has no method '${method}'`),
    ...(hasStandardDecorators(target)
      ? [
          'its decorators are compiled as standard ones, so nothing can be injected; set ' +
            '"experimentalDecorators": true and "emitDecoratorMetadata": true in tsconfig.json',
        ]
      : []),
    ...(isCalled && !isVendor
      ? ['it has methods with @Passthru, @DriverPassthru or @Periodic, which only vendor interfaces may have']
      : []),
  ].map((problem) => located(place, problem));
}
