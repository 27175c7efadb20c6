import { isSecretKey, type JsonObject } from '@ferrule/driver-kit';
import { z } from 'zod';
import { without } from '../arguments/invalid.js';
import { type Host } from '../host/host.js';
import { type HostNode } from '../host/node.js';
import { type DriverCheckOptions } from '../subject/options.js';
import { type HardwareType } from '../subject/subject.js';
import { type Trial } from '../trial/trial.js';
import { SNAKE, whyNoDescription } from './names.js';
import { type Finding, machine, type Rule, shown } from './rule.js';

/** Milliseconds. */
const PROMPT = 5_000;
const CANARY = 'x-canary-7f3a91';

type Validation = Readonly<Record<string, { readonly result: boolean | null; readonly reason?: string }>>;

/** driver_info and its validation. */
export const NODE_RULES: readonly Rule[] = [
  machine(
    'driver-info-described',
    'bronze',
    'Keys of driver_info have a description.',
    eachKey((key, field) => whyNoDescription(key, field.description)),
  ),
  machine(
    'driver-info-named',
    'silver',
    'Keys of driver_info are snake_case.',
    eachKey((key) => (SNAKE.test(key) ? undefined : 'it is not like acme_address')),
  ),
  machine(
    'driver-info-secret-named',
    'bronze',
    'Secrets of driver_info have a name by which the service hides them.',
    eachKey((key, field) => {
      const { writeOnly } = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
      return writeOnly === true && !isSecretKey(key) ? 'write a name like acme_password' : undefined;
    }),
  ),
  machine('driver-info-accepted', 'bronze', 'The driver accepts the driver_info of the options.', (trial) =>
    eachType(trial, async (type, host) => {
      const node = await nodeOf(trial, host, type, await trial.driverInfo(type.name));
      const reasons = reasonsOf(await validation(host, node));
      if (reasons.length === 0) return [];
      const hint = hintFor(trial.options.driverInfo, trial.subject.hardwareTypes.length);
      return [{ subject: type.name, problem: `${reasons.join('; ')}${hint}` }];
    }),
  ),
  machine(
    'driver-info-required',
    'silver',
    'validate names a required key that is missing; calls run the same checks.',
    (trial) =>
      eachType(trial, async (type, host) => {
        const findings: Finding[] = [];
        for (const key of requiredKeys(type)) {
          const rest = without(await trial.driverInfo(type.name), key);
          const node = await nodeOf(trial, host, type, rest);
          const isTold = reasonsOf(await validation(host, node)).some((reason) => reason.includes(key));
          if (!isTold)
            findings.push({ subject: `${type.name} ${key}`, problem: 'validate does not miss it' });
        }
        return findings;
      }),
  ),
  machine(
    'driver-info-refusal-hides',
    'silver',
    'Refusals of driver_info do not show the values of secrets.',
    (trial) =>
      eachType(trial, async (type, host) => {
        const info = await trial.driverInfo(type.name);
        const secrets = keysOf(type).filter(isSecretKey);
        const others = keysOf(type).filter((key) => !isSecretKey(key));
        const wrong = Object.fromEntries(others.map((key) => [key, [CANARY]]));
        const canaries = Object.fromEntries(secrets.map((key) => [key, `${CANARY}-secret`]));
        const findings: Finding[] = [];
        for (const each of [
          { ...info, ...canaries, ...wrong },
          { ...info, ...canaries },
        ]) {
          const node = await nodeOf(trial, host, type, each);
          const text = reasonsOf(await validation(host, node)).join(' ');
          const problem = `a reason shows it: ${shown(text)}`;
          if (text.includes(`${CANARY}-secret`)) findings.push({ subject: type.name, problem });
        }
        return findings;
      }),
  ),
  machine('validate-without-bmc', 'gold', 'validate answers soon, without asking the BMC.', async (trial) => {
    const { unreachable } = trial.options;
    const problem = 'give `unreachable`, changes to driver_info with which no BMC can be reached';
    if (unreachable === undefined) return [{ subject: trial.subject.module.name, problem }];
    return eachType(trial, async (type, host) => {
      const info = { ...(await trial.driverInfo(type.name)), ...unreachable };
      const node = await nodeOf(trial, host, type, info);
      const began = performance.now();
      const reasons = reasonsOf(await validation(host, node));
      const took = performance.now() - began;
      if (took > Math.min(PROMPT, trial.grace))
        return [{ subject: type.name, problem: `it took ${Math.round(took)} ms` }];
      return reasons.length > 0 ? [{ subject: type.name, problem: reasons.join('; ') }] : [];
    });
  }),
];

function eachKey(
  problemOf: (key: string, field: z.ZodType) => string | undefined,
): NonNullable<Rule['check']> {
  return ({ subject }) =>
    subject.hardwareTypes.flatMap((type) =>
      Object.entries(shapeOf(type)).flatMap(([key, field]): Finding[] => {
        const problem = problemOf(key, field);
        return problem === undefined ? [] : [{ subject: `${type.name} ${key}`, problem }];
      }),
    );
}

async function eachType(
  trial: Trial,
  check: (type: HardwareType, host: Host) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const host = await trial.host();
  const findings: Finding[] = [];
  for (const type of trial.subject.hardwareTypes) findings.push(...(await check(type, host)));
  return findings;
}

function shapeOf({ options }: HardwareType): Readonly<Record<string, z.ZodType>> {
  const shape: Readonly<Record<string, z.core.$ZodType>> = options.driverInfo?.shape ?? {};
  return shape as Readonly<Record<string, z.ZodType>>;
}

function keysOf(type: HardwareType): string[] {
  return Object.keys(shapeOf(type));
}

/** By the schema, or by the word of Ironic's descriptions. */
function requiredKeys(type: HardwareType): string[] {
  return Object.entries(shapeOf(type))
    .filter(
      ([, field]) => !field.safeParse(undefined).success || /\bRequired\.$/.test(field.description ?? ''),
    )
    .map(([key]) => key);
}

/**
 * @param driverInfo of the options
 * @returns what to try if the driver_info of one hardware type was given to all
 */
export function hintFor(driverInfo: DriverCheckOptions['driverInfo'], hardwareTypes: number): string {
  if (hardwareTypes < 2 || typeof driverInfo === 'function') return '';
  return ' The hardware types may need different ones: give driverInfo as a function of the hardware type.';
}

function nodeOf(trial: Trial, host: Host, { name }: HardwareType, driverInfo: JsonObject): Promise<HostNode> {
  const owner = trial.subject.interfaces.find(({ hardwareType }) => hardwareType === name);
  return host.node({
    driver: name,
    driver_info: driverInfo,
    ...(owner && { vendor_interface: owner.name }),
  });
}

async function validation(host: Host, { uuid }: HostNode): Promise<Validation> {
  return (await host.ask('GET', `/v1/nodes/${uuid}/validate`)).expect(200).json as Validation;
}

/** What the host says of kinds that a hardware type does not have, or has in name only, which is no fault. */
const OF_THE_HOST = /not support|^Nothing stands behind/i;

function reasonsOf(result: Validation): string[] {
  const reasons = Object.values(result).flatMap(({ result: isFine, reason }) =>
    isFine === false && reason !== undefined && !OF_THE_HOST.test(reason) ? [reason] : [],
  );
  return [...new Set(reasons)];
}
