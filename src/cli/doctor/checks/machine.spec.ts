import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { checkClock, skewFindings } from './clock.js';
import { checkDisk, checkOpenFiles, diskFindings } from './machine.js';

const GIB = 1024 ** 3;
const CONFIG = { maxConnections: 10_000, conductorConcurrency: 256 };

describe('the checks of the machine', () => {
  it.each([
    [100, 'problem', '100 MiB of 250 GiB are free on the disk of /data.'],
    [1_000, 'warning', '1000 MiB of 250 GiB are free on the disk of /data.'],
    [20_480, 'ok', '20 GiB of 250 GiB are free on the disk of /data.'],
  ])('judge a disk with %i MiB free', (free, level, message) => {
    expect(diskFindings(free * 1024 * 1024, 250 * GIB, '/data')).toMatchObject([{ level, message }]);
  });

  it('read the disk of a folder', async () => {
    const folder = mkdtempSync(`${tmpdir()}/ferrule-disk-`);
    expect((await checkDisk(folder))[0]?.message).toMatch(/^\d+ [GM]iB of \d+ GiB are free on the disk of /);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['256', 'problem'],
    ['1024', 'warning'],
    ['10611', 'warning'],
    ['10612', 'ok'],
    ['524288', 'ok'],
    ['unlimited', 'ok'],
  ])('judge a limit of %s open files', (limit, level) => {
    const text = `Max processes  5  5  processes\nMax open files            ${limit}    524288    files\n`;
    expect(checkOpenFiles(CONFIG, text)).toMatchObject([
      { level, message: expect.stringContaining(` ${limit} `) },
    ]);
  });

  it('know nothing of open files where the system does not tell', () => {
    expect(checkOpenFiles(CONFIG, '')).toMatchObject([
      { level: 'ok', message: expect.stringContaining('unknown') },
    ]);
  });

  it.each([
    [40, 'ok'],
    [-5_000, 'warning'],
  ])('notice that the clock is set by %i ms', async (jump, level) => {
    let [wall, monotonic] = [1_000_000, 0];
    const found = await checkClock(
      () => wall,
      () => monotonic,
      async (milliseconds) => {
        monotonic += milliseconds;
        wall += milliseconds + jump;
      },
    );
    expect(found).toMatchObject([{ level }]);
    if (level === 'warning') expect(found[0]?.message).toContain('by -5000 ms');
  });

  it.each([
    ['a slow answer', -200, 6_000, 'ok', '0.0 s'],
    ['a database that is ahead', 2_500, 2_600, 'warning', '2.5 s'],
    ['a database that is behind', -9_000, -8_000, 'warning', '8.0 s'],
    ['more than a lease', 31_000, 31_010, 'problem', '31.0 s, more than a lease (FERRULE_LEASE, 30 s)'],
  ])('compare the clocks: %s', (_, earliest, latest, level, text) => {
    expect(skewFindings(earliest, latest, 30)).toMatchObject([
      { level, message: `The clocks of the database and of this machine differ by ${text}.` },
    ]);
  });
});
