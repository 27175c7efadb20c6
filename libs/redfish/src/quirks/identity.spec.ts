import { identityOf, noteMaker } from './identity.js';
import type { JsonObject } from '../json.js';
import { Memory } from './memory.js';
import { behaviourOf, quirksOf, QUIRKS } from './quirks.js';

function quirkIds(root: JsonObject, ...managers: JsonObject[]): string[] {
  const memory = new Memory(() => undefined);
  for (const manager of managers) noteMaker(manager, 'manager', memory);
  return quirksOf(identityOf(root, memory)).map(({ id }) => id);
}

describe('the quirk table', () => {
  it('recognises a BMC by the Vendor of its root', () => {
    expect(quirkIds({ Vendor: 'Dell', Product: 'Integrated Dell Remote Access Controller' })).toEqual([
      'dell-event-types',
    ]);
    expect(quirkIds({ Vendor: 'Lenovo' })).toEqual(['lenovo-virtual-media-patch', 'lenovo-media-slots']);
  });

  it('recognises a BMC without Vendor by the keys of Oem', () => {
    expect(quirkIds({ Oem: { Supermicro: {} } })).toContain('supermicro-subscription-slots');
  });

  it('recognises stock OpenBMC once a manager was read', () => {
    expect(quirkIds({})).toEqual([]);
    expect(quirkIds({}, { Model: 'OpenBmc', FirmwareVersion: '2.15.0' })).toEqual(['openbmc-event-types']);
  });

  it('tells iLO generations apart by the root, before any manager was read', () => {
    const ilo = (ManagerType: string): JsonObject => ({
      Vendor: 'HPE',
      Product: 'ProLiant DL380',
      Oem: { Hpe: { Manager: [{ ManagerType, ManagerFirmwareVersion: '2.72' }] } },
    });
    expect(quirkIds(ilo('iLO 5'))).toContain('hpe-ilo5-event-types');
    expect(quirkIds(ilo('iLO 6'))).not.toContain('hpe-ilo5-event-types');
    expect(quirkIds(ilo('iLO 4'))).toContain('hpe-ilo4-connection-close');
  });

  it('has no rows for an unknown BMC', () => {
    expect(quirkIds({ Vendor: 'ACME', Oem: { Acme: {} } }, { Manufacturer: 'ACME', Model: 'X' })).toEqual([]);
  });

  it('merges the matching rows', () => {
    expect(behaviourOf(quirksOf({ vendor: 'Supermicro' }))).toEqual({
      subscriptionSlots: true,
      eventTypes: 'wanted',
      ejectedWhen: 'not-connected',
    });
  });

  it('matches a row with a firmware only if the firmware is known', () => {
    const row = { id: 'x', vendor: /acme/i, firmware: /^1\./, behaviour: { sockets: 1 }, why: 'x' } as const;
    const fits = (firmware: string | undefined): number =>
      quirksOf({ vendor: 'ACME', firmware }, [row]).length;
    expect([fits('1.2'), fits('2.0'), fits(undefined)]).toEqual([1, 0, 0]);
  });

  it('has a reason and a name of its own in every row', () => {
    expect(new Set(QUIRKS.map(({ id }) => id)).size).toBe(QUIRKS.length);
    expect(QUIRKS.filter(({ why }) => !why.endsWith('.'))).toEqual([]);
  });
});
