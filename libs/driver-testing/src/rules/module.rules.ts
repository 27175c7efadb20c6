import { KIT_VERSION } from '@ferrule/driver-kit';
import { periodicsOf } from '@ferrule/driver-kit/host';
import { KEBAB, whyNoDescription } from './names.js';
import { type Finding, found, machine, type Rule } from './rule.js';

/** The module, its hardware types and vendor interfaces, its start and its stop. */
export const MODULE_RULES: readonly Rule[] = [
  machine(
    'module-declared',
    'bronze',
    'The module has @DriverModule, for this version of the kit.',
    ({ subject }) => {
      const kit: number | undefined = subject.declared?.kit;
      if (kit === KIT_VERSION) return [];
      const problem = kit === undefined ? 'it has no @DriverModule' : `it was written for kit ${kit}`;
      return [{ subject: subject.module.name, problem }];
    },
  ),
  machine('module-starts', 'bronze', 'The service starts with the driver.', async (trial) => {
    try {
      await trial.host();
      return [];
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return [{ subject: trial.subject.module.name, problem }];
    }
  }),
  machine(
    'hardware-type-named',
    'bronze',
    'Names of hardware types are lower case with hyphens.',
    ({ subject }) =>
      found(
        subject.hardwareTypes,
        ({ name }) => name,
        ({ name }) => (KEBAB.test(name) ? undefined : 'it is not like acme-xr'),
      ),
  ),
  machine('hardware-type-described', 'silver', 'Hardware types have a description.', ({ subject }) =>
    found(
      subject.hardwareTypes,
      ({ name }) => name,
      ({ name, options }) => whyNoDescription(name, options.description),
    ),
  ),
  machine(
    'interface-named',
    'bronze',
    'Names of vendor interfaces are lower case with hyphens.',
    ({ subject }) =>
      found(
        subject.interfaces,
        ({ name }) => name,
        ({ name }) => (KEBAB.test(name) ? undefined : 'it is not like acme'),
      ),
  ),
  machine(
    'interface-has-methods',
    'bronze',
    'Vendor interfaces have methods, which may be periodic.',
    ({ subject }) =>
      found(
        subject.interfaces,
        ({ name }) => name,
        ({ methods, type }) => (methods.length + periodicsOf(type).length > 0 ? undefined : 'it has none'),
      ),
  ),
  machine(
    'node-created',
    'bronze',
    'A node of each hardware type can be created and gets its first vendor interface.',
    async (trial) => {
      const host = await trial.host();
      const findings: Finding[] = [];
      for (const { name, options } of trial.subject.hardwareTypes) {
        const node = { driver: name, driver_info: await trial.driverInfo(name) };
        const answer = await host.ask('POST', '/v1/nodes', node);
        if (answer.status !== 201) findings.push({ subject: name, problem: answer.message });
        const [first] = trial.subject.interfaces.filter(({ type }) => options.interfaces.vendor[0] === type);
        const given = (answer.json as { vendor_interface?: string }).vendor_interface;
        if (answer.status === 201 && first && given !== first.name) {
          findings.push({ subject: name, problem: `it got the vendor interface ${given}` });
        }
      }
      return findings;
    },
  ),
  machine(
    'starts-again',
    'gold',
    'The driver can be started twice in one process, with the same methods.',
    async (trial) => {
      const { subject } = trial;
      const first = await trial.host();
      const second = await trial.anotherHost();
      try {
        const findings: Finding[] = [];
        for (const { name, hardwareType } of subject.interfaces) {
          const node = { driver: hardwareType, vendor_interface: name };
          const [one, two] = [
            await first.methods(await first.node(node)),
            await second.methods(await second.node(node)),
          ];
          if (JSON.stringify(one) !== JSON.stringify(two))
            findings.push({ subject: name, problem: 'it has other methods' });
        }
        return findings;
      } finally {
        await second.stop();
      }
    },
  ),
];

/** Checked at the end, since they stop the service. */
export const STOP_RULES: readonly Rule[] = [
  machine('no-stray-errors', 'bronze', 'No error of the driver is left uncaught.', async (trial) => {
    await trial.executions();
    return (await trial.strayErrors()).map((problem) => ({ subject: trial.subject.module.name, problem }));
  }),
  machine('stop-prompt', 'silver', 'The service stops soon with the driver.', async (trial) => {
    await trial.executions();
    const { took } = await trial.stop();
    const problem = `it took ${Math.round(took)} ms`;
    return took > trial.grace ? [{ subject: trial.subject.module.name, problem }] : [];
  }),
  machine(
    'stop-clean',
    'silver',
    'Start and stop leave nothing: no timer, socket, listener, variable.',
    async (trial) => {
      await trial.executions();
      const { residue } = await trial.stop();
      return residue.map((problem) => ({
        subject: trial.subject.module.name,
        problem: `it leaves ${problem}`,
      }));
    },
  ),
];
