import { Attachment } from '@ferrule/driver-kit';
import { BadArguments, declarationOf, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const LOGS = '/redfish/v1/Managers/BMC/LogServices';
const SEL = `${LOGS}/SEL`;

const posts = () =>
  bmc.requests
    .filter(({ method, path }) => method === 'POST' && path.includes('/Actions/'))
    .map(({ path, body }) => [path, body]);
const ids = (page: Record<string, unknown>) => (page['entries'] as { id: string }[]).map(({ id }) => id);

describe('get_logs', () => {
  it('returns a page of the log of hardware events', async () => {
    await start();
    expect(await bench.ask('get_logs', { limit: '2', skip: 1 })).toEqual({
      log: 'SEL',
      path: SEL,
      logs: ['SEL'],
      entries: [
        {
          id: '2',
          created: '2026-01-02T00:00:00Z',
          severity: 'Critical',
          message: 'The fan 1 failed.',
          message_id: 'Environmental.1.0.FanFailed',
          type: 'Event',
          sensor: null,
          resolution: null,
        },
        expect.objectContaining({ id: '3' }),
      ],
      skip: 1,
      total: 3,
      more: false,
    });
    expect(await bench.ask('get_logs', { limit: 2 })).toMatchObject({ more: true });
  });

  it('costs one request once the log is known', async () => {
    await start();
    await bench.ask('get_logs');
    bmc.forget();
    await bench.ask('get_logs');
    expect(bmc.requests.map(({ path }) => path)).toEqual([`${SEL}/Entries?$expand=.($levels=1)`]);
  });

  it('follows the pages of the BMC, no further than needed', async () => {
    await start({ misbehave: { pageSize: 1 } });
    bmc.forget();
    expect(ids(await bench.ask('get_logs', { limit: 1, skip: 1 }))).toEqual(['2']);
    expect(bmc.requests.filter(({ path }) => path.includes('Entries')).length).toBeLessThanOrEqual(4);
  });

  it('reads each entry where the BMC cannot expand', async () => {
    await start({ profile: 'supermicro-x10' });
    expect(ids(await bench.ask('get_logs'))).toEqual(['1', '2', '3']);
  });

  it('finds the entries anew if they moved', async () => {
    await start();
    bmc.change(SEL, { Entries: { '@odata.id': `${LOGS}/Old` } });
    bmc.change(`${LOGS}/Old`, { Members: [] });
    expect(ids(await bench.ask('get_logs'))).toEqual([]);
    bmc.change(SEL, { Entries: { '@odata.id': `${SEL}/Entries` } });
    bmc.remove(`${LOGS}/Old`);
    expect(ids(await bench.ask('get_logs'))).toEqual(['1', '2', '3']);
  });

  it('reads the log that was asked for, by Id or path, and names those that there are', async () => {
    await start({ profile: 'hpe-ilo5' });
    expect(await bench.ask('get_logs')).toMatchObject({ log: 'IML', logs: ['IML', 'IEL'] });
    expect(await bench.ask('get_logs', { log: 'IEL' })).toMatchObject({ log: 'IEL' });
    const path = '/redfish/v1/Managers/1/LogServices/IEL/';
    expect(await bench.ask('get_logs', { log: path })).toMatchObject({ log: 'IEL' });
    expect(await failureOf(bench.call('get_logs', { log: 'SEL' }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('there are: IML, IEL'),
    });
  });

  it('masks credentials in messages', async () => {
    await start();
    bmc.change(`${SEL}/Entries/1`, { Message: 'Mounted cifs://u:planted@192.0.2.1/x' });
    expect(JSON.stringify(await bench.ask('get_logs'))).not.toContain('planted');
  });

  it.each([{ limit: 0 }, { limit: 1001 }, { skip: -1 }, { limit: 'all' }, { lgo: 'SEL' }])(
    'refuses %j',
    async (args) => {
      await start();
      expect(await failureOf(bench.call('get_logs', args))).toBeInstanceOf(BadArguments);
      expect(bmc.requests).toEqual([]);
    },
  );
});

describe('download_logs', () => {
  it('returns the whole log, over all pages, as a JSON file', async () => {
    await start({ misbehave: { pageSize: 2 } });
    expect(declarationOf('download_logs').options.attach).toBe(true);
    const file = await bench.vendor.downloadLogs(bench.task(new AbortController().signal), {});
    expect(Attachment.is(file)).toBe(true);
    expect([file.contentType, file.filename]).toEqual(['application/json', 'SEL.json']);
    expect(JSON.parse(new TextDecoder().decode(file.bytes))).toMatchObject({
      log: 'SEL',
      entries: [{ Id: '1' }, { Id: '2' }, { Id: '3', EntryType: 'Event' }],
    });
  });

  it('returns an empty list for an empty log', async () => {
    await start();
    await bench.call('clear_logs', { log: 'SEL' });
    const file = await bench.vendor.downloadLogs(bench.task(new AbortController().signal), {});
    expect(JSON.parse(new TextDecoder().decode(file.bytes))).toEqual({ log: 'SEL', entries: [] });
  });

  it('says that a log is too long for a file', async () => {
    await start({ misbehave: { pageSize: 1 } });
    const entries = `${SEL}/Entries`;
    bmc.change(`${entries}/1`, { Message: 'x'.repeat(9 * 1024 * 1024) });
    bmc.change(`${entries}/2`, { Message: 'x'.repeat(8 * 1024 * 1024) });
    expect(await failureOf(bench.call('download_logs'))).toMatchObject({
      status: 400,
      message: expect.stringContaining('larger than 16 MiB'),
    });
  });

  it.each(['get_logs', 'download_logs'])('%s says that a log has no entries', async (method) => {
    await start();
    bmc.change(SEL, { Entries: { '@odata.id': '' } });
    expect(await failureOf(bench.call(method))).toMatchObject({
      code: 'UnsupportedDriverExtension',
      message: expect.stringContaining('does not list the entries of this log'),
    });
  });
});

describe('clear_logs', () => {
  it('clears the log that was named', async () => {
    await start({ profile: 'hpe-ilo5' });
    const path = '/redfish/v1/Managers/1/LogServices/IEL';
    expect(await bench.ask('clear_logs', { log: 'IEL' })).toEqual({ log: 'IEL', path });
    expect(posts()).toEqual([[`${path}/Actions/LogService.ClearLog`, {}]]);
    expect(ids(await bench.ask('get_logs', { log: 'IEL' }))).toEqual([]);
    expect(ids(await bench.ask('get_logs', { log: 'IML' }))).toHaveLength(3);
  });

  it('adds ClearType where the BMC asks for it', async () => {
    await start({ misbehave: { clearNeedsType: true } });
    await bench.ask('clear_logs', { log: 'SEL' });
    expect(posts().map(([, body]) => body)).toEqual([{}, { ClearType: 'ClearAll' }]);
  });

  it('does not send again what may have been done', async () => {
    await start({ misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: 'ClearLog' } } });
    expect(await failureOf(bench.call('clear_logs', { log: 'SEL' }))).toMatchObject({
      code: 'OutcomeUnknown',
      status: 500,
      message: expect.stringContaining('The request was sent; the BMC may have done it.'),
    });
    expect(posts()).toHaveLength(1);
  });

  it('fails for a log that cannot be cleared', async () => {
    await start({ profile: 'dell-idrac9' });
    expect((await failureOf(bench.call('clear_logs', { log: 'Lclog' }))).message).toContain(
      'cannot be cleared',
    );
  });

  it('needs the log', async () => {
    await start();
    expect(await failureOf(bench.call('clear_logs'))).toBeInstanceOf(BadArguments);
  });
});
