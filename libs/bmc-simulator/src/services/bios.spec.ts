import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { call } from '../client.spec-support.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SETTINGS = `${SYSTEM}/Bios/Settings`;

describe('BIOS settings', () => {
  let bmc: BmcServer;
  beforeEach(async () => {
    bmc = await startBmc();
  });
  afterEach(() => bmc.close());

  const patch = (body: object) => call(bmc, 'PATCH', SETTINGS, { body: { ...body } });

  it('are pending until the System is reset', async () => {
    expect((await patch({ Attributes: { BootMode: 'Bios' } })).body['Attributes']).toEqual({
      BootMode: 'Bios',
    });
    expect(bmc.resource(`${SYSTEM}/Bios`)).toMatchObject({ Attributes: { BootMode: 'Uefi' } });
    const reset = `${SYSTEM}/Actions/ComputerSystem.Reset`;
    await call(bmc, 'POST', reset, { body: { ResetType: 'ForceRestart' } });
    expect(bmc.resource(`${SYSTEM}/Bios`)).toMatchObject({ Attributes: { BootMode: 'Bios', NumLock: true } });
    expect(bmc.resource(SETTINGS)).toMatchObject({ Attributes: {} });
  });

  it.each([
    [{ Attributes: { NoSuch: 1 } }, 'PropertyUnknown'],
    [{ Attributes: { NumLock: 'yes' } }, 'PropertyValueTypeError'],
    [{ Attributes: {}, '@Redfish.SettingsApplyTime': { ApplyTime: 'Never' } }, 'PropertyValueNotInList'],
  ])('refuse %j', async (body, id) => {
    const refused = await patch(body);
    expect([refused.status, refused.raw.includes(id)]).toEqual([400, true]);
  });

  describe('on an iDRAC', () => {
    const dell = '/redfish/v1/Systems/System.Embedded.1';
    const change = (idrac: BmcServer, more: object = {}) =>
      call(idrac, 'PATCH', `${dell}/Bios/Settings`, { body: { Attributes: { NumLock: false }, ...more } });
    const reset = (idrac: BmcServer) =>
      call(idrac, 'POST', `${dell}/Actions/ComputerSystem.Reset`, { body: { ResetType: 'ForceRestart' } });
    const values = (idrac: BmcServer) => idrac.resource(`${dell}/Bios`)?.['Attributes'];
    let idrac: BmcServer;
    beforeEach(async () => {
      idrac = await startBmc({ profile: 'dell-idrac9' });
    });
    afterEach(() => idrac.close());

    it('stay pending at a reset without a job', async () => {
      expect((await change(idrac)).status).toBe(200);
      await reset(idrac);
      expect(values(idrac)).toMatchObject({ NumLock: true });
    });

    it('are applied at the reset by the job that an apply time makes', async () => {
      const made = await change(idrac, { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } });
      expect([made.status, made.headers['location']]).toEqual([202, expect.stringContaining('/JID_')]);
      expect(values(idrac)).toMatchObject({ NumLock: true });
      await reset(idrac);
      expect(values(idrac)).toMatchObject({ NumLock: false });
      expect(idrac.tasks).toMatchObject([{ state: 'Completed' }]);
    });
  });

  it('biosJob and noBios', async () => {
    bmc.misbehave({ biosJob: { running: 'Scheduled' }, noBios: true });
    expect((await patch({ Attributes: { NumLock: false } })).status).toBe(202);
    expect((await call(bmc, 'GET', SYSTEM)).body).not.toHaveProperty('Bios');
  });
});
