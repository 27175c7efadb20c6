import 'reflect-metadata';
import { type JsonObject } from '@ferrule/driver-kit';
import { ANYONE } from '../../../auth/caller.js';
import { Database } from '../../../database/database.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { type Driver } from '../../../drivers/driver.js';
import { MAXIMUM_MICROVERSION } from '../../../http/microversion.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { silent } from '../../../logging/log.js';
import { type Setup } from '../../../setup.js';
import { type Finding, ok, problem } from '../finding.js';
import { type BmcAddress, bmcAddresses, withIp } from './addresses.js';
import { checkReach } from './reach.js';

const PROBE_LIMIT_MS = 60_000;

/** @param text UUID or name. */
export async function checkNode(setup: Setup, connection: Connection, text: string): Promise<Finding[]> {
  const [{ createApp }, { PassthruNodes }, { nodeIdent }, { DriverRegistry }] = await Promise.all([
    import('../../../app.module.js'),
    import('../../../nodes/record/passthru-nodes.js'),
    import('../../../nodes/fields/node-name.js'),
    import('../../../drivers/driver.registry.js'),
  ]);
  const database = Database.at(connection, silent);
  // The service as it is composed, neither begun nor listening.
  const app = await createApp(setup, database);
  app.useLogger(false);
  try {
    const node = await app
      .get(PassthruNodes)
      .get({ text, idents: [nodeIdent(text, MAXIMUM_MICROVERSION)] }, ANYONE);
    const driver = app.get(DriverRegistry).find(node.driver);
    const name = node.name === null ? node.uuid : `${node.name} (${node.uuid})`;
    if (driver === undefined) {
      return [
        problem(
          `The driver ${node.driver} of node ${name} is not enabled.`,
          'Name it in FERRULE_ENABLED_HARDWARE_TYPES.',
        ),
      ];
    }
    const identity = { requestId: 'doctor', caller: ANYONE };
    const reason = await driver.problemOf(node, identity);
    if (reason !== undefined) {
      return [
        problem(`The driver ${node.driver} refuses node ${name}: ${reason}`, 'Correct its driver_info.'),
      ];
    }
    const accepted = ok(`The driver ${node.driver} accepts the driver_info of node ${name}.`);
    const probing = driver.probe(node, AbortSignal.timeout(PROBE_LIMIT_MS));
    if (probing !== undefined) return [accepted, await probed(probing)];
    const addresses = addressesFor(driver, node.driverInfo);
    const reached = await Promise.all(
      addresses.map((address) =>
        checkReach(address, async (ip) => {
          const driverInfo = { ...node.driverInfo, [address.key]: withIp(address, ip) };
          return driver.problemOf({ ...node, driverInfo }, identity);
        }),
      ),
    );
    const none = addresses.length > 0 ? [] : [ok('Its driver_info has no address of a BMC to try.')];
    return [accepted, ...reached.flat(), ...none];
  } catch (error) {
    return [
      problem(
        `Node ${text} cannot be checked: ${reasonOf(error)}`,
        'Name a node of this database; see also the other checks.',
      ),
    ];
  } finally {
    await app.close();
    await database.close();
  }
}

async function probed(probing: Promise<string>): Promise<Finding> {
  try {
    return ok(await probing);
  } catch (error) {
    return problem(reasonOf(error), 'Look whether the BMC is on, and correct driver_info.');
  }
}

/** Of the keys that the driver reads; others may be left over from another driver. */
function addressesFor({ properties }: Driver, driverInfo: JsonObject): BmcAddress[] {
  const keys = Object.keys(properties);
  return bmcAddresses(driverInfo).filter(({ key }) => keys.length === 0 || keys.includes(key));
}
