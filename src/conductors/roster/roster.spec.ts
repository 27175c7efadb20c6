import { randomUUID } from 'node:crypto';
import { INTERFACE_KINDS, type InterfaceKind } from '@ferrule/driver-kit';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { type DescribedDriver } from './described-driver.js';
import { Roster } from './roster.js';
import { type ConductorRow } from './roster.repository.js';

function described(name: string, vendor: readonly string[], properties = {}): DescribedDriver {
  const interfaces = Object.fromEntries(
    INTERFACE_KINDS.map((kind) => [
      kind,
      kind === 'vendor'
        ? { enabled: vendor, default: vendor[0] ?? '' }
        : { enabled: ['noop'], default: 'noop' },
    ]),
  ) as Record<InterfaceKind, { enabled: string[]; default: string }>;
  return { name, properties, interfaces, methods: [] };
}

function row(hostname: string, drivers: readonly DescribedDriver[] | null, group = ''): ConductorRow {
  return {
    id: randomUUID(),
    hostname,
    conductor_group: group,
    address: null,
    is_leaving: false,
    role: 'all',
    drivers,
  };
}

const leaving = (each: ConductorRow): ConductorRow => ({ ...each, is_leaving: true });

/** As the database would answer, without the drivers that are known. */
async function rosterOf(rows: ConductorRow[], ownId = ''): Promise<Roster> {
  const live = async (_time: number, known: readonly string[]) =>
    rows.map((each) => (known.includes(each.id) ? { ...each, drivers: null } : each));
  const isKnownAs = (id: string): boolean => id === ownId;
  const conductor = { latestDatabaseTime: 0, onRegistered: () => {}, isKnownAs };
  const roster = new Roster({ live }, conductor, new Lifecycle(1));
  await roster.onApplicationBootstrap();
  await roster.onApplicationShutdown();
  return roster;
}

const IN_NONE = { driver: 'acme', group: '' };

describe('the roster of live conductors', () => {
  it('unites what conductors say of a driver; the latest decides the default', async () => {
    const roster = await rosterOf([
      row('cond-b', [described('acme', ['old', 'both'], { acme_port: 'Port.' })]),
      row('cond-a', [described('acme', ['new', 'both'], { acme_url: 'URL.' }), described('other', ['x'])]),
    ]);
    expect(roster.drivers().map(({ name }) => name)).toEqual(['acme', 'other']);
    const acme = roster.driver('acme');
    expect(acme?.hosts).toEqual(['cond-a', 'cond-b']);
    expect(acme?.enabledInterfaces('vendor')).toEqual(['new', 'both', 'old']);
    expect(acme?.defaultInterface('vendor')).toBe('new');
    expect(acme?.properties).toEqual({ acme_port: 'Port.', acme_url: 'URL.' });
    expect(() => acme?.assertSupports('vendor', 'old')).not.toThrow();
    expect(() => acme?.assertSupports('vendor', 'x')).toThrow(/'x' is not supported by hardware type acme/);
    expect(() => acme?.assertSupports('vendor', 'y')).toThrow(/Could not find the vendor interface 'y'/);
  });

  it('keeps conductor groups apart', async () => {
    const acme = described('acme', ['a']);
    const roster = await rosterOf([row('cond-a', [acme]), row('cond-b', [acme], 'site-b')]);
    expect(roster.hostsFor(IN_NONE)).toEqual(['cond-a']);
    expect(roster.hostsFor({ driver: 'acme', group: 'site-b' })).toEqual(['cond-b']);
    expect(roster.hostsFor({ driver: 'acme', group: 'site-c' })).toEqual([]);
    expect(roster.hostOf('n1', { driver: 'acme', group: 'site-c' })).toBeUndefined();
    expect(roster.all).toEqual([
      { driver: 'acme', group: '', hosts: ['cond-a'] },
      { driver: 'acme', group: 'site-b', hosts: ['cond-b'] },
    ]);
  });

  it('gives a call to the conductor of its node first, and of one that was started again to the latest', async () => {
    const acme = described('acme', ['a']);
    const rows = ['cond-a', 'cond-b', 'cond-a', 'cond-c'].map((name) => row(name, [acme]));
    rows.push(row('cond-d', [acme], 'site-b'));
    const roster = await rosterOf(rows);
    const found = roster.conductorsFor(IN_NONE, 'n1');
    expect(found[0]?.hostname).toBe(roster.hostOf('n1', IN_NONE));
    expect(found.map(({ id }) => id).sort()).toEqual(
      rows
        .slice(0, 4)
        .map(({ id }) => id)
        .sort(),
    );
    const again = found.filter(({ hostname }) => hostname === 'cond-a').map(({ id }) => id);
    expect(again).toEqual([rows[2]?.id, rows[0]?.id]);
    expect(roster.conductorsFor({ driver: 'acme' }, 'acme')).toHaveLength(5);
    expect(roster.conductorsFor({ driver: 'other' }, 'other')).toEqual([]);
  });

  it('sends nothing to a conductor that leaves, and still knows it; its drivers are absent', async () => {
    const rows = [row('cond-a', [described('acme', ['a'])])];
    const roster = await rosterOf(rows);
    expect(roster.isAbsent(IN_NONE)).toBe(true);
    rows.splice(0, 1, ...rows.map(leaving));
    await roster.refresh();
    expect(roster.isEmpty).toBe(true);
    expect(roster.conductorsFor(IN_NONE, 'n1')).toEqual([]);
    expect(roster.isAlive(rows[0]?.id ?? '')).toBe(true);
    expect(roster.isAbsent(IN_NONE)).toBe(true);
    expect(roster.isAbsent({ driver: 'acme' })).toBe(true);
    expect(roster.isAbsent({ driver: 'acme', group: 'site-b' })).toBe(false);
    rows.pop();
    await roster.refresh();
    expect(roster.isAlive('')).toBe(false);
  });

  it('knows no drivers of a process of an earlier version', async () => {
    const roster = await rosterOf([row('cond-a', null)]);
    expect(roster.isEmpty).toBe(false);
    expect(roster.drivers()).toEqual([]);
  });

  it('moves only the nodes of a conductor that leaves, and spreads them over the others', async () => {
    const acme = described('acme', ['a']);
    const hosts = ['cond-a', 'cond-b', 'cond-c', 'cond-d'];
    const nodes = Array.from({ length: 400 }, () => randomUUID());
    const before = await rosterOf(hosts.map((name) => row(name, [acme])));
    const after = await rosterOf(hosts.filter((name) => name !== 'cond-b').map((name) => row(name, [acme])));
    const moved = new Map<string, number>();
    for (const node of nodes) {
      const was = before.hostOf(node, IN_NONE) ?? '';
      const is = after.hostOf(node, IN_NONE) ?? '';
      if (was === 'cond-b') moved.set(is, (moved.get(is) ?? 0) + 1);
      else expect(is).toBe(was);
    }
    expect([...moved.keys()].sort()).toEqual(['cond-a', 'cond-c', 'cond-d']);
    expect(Math.min(...moved.values())).toBeGreaterThan(5);
  });

  it('has others beside this process, of any role', async () => {
    const own = row('a', [described('acme', ['a'])]);
    const api: ConductorRow = { ...row('b', null), role: 'api' };
    expect((await rosterOf([own], own.id)).hasOthers).toBe(false);
    const roster = await rosterOf([own, api], own.id);
    expect(roster.hasOthers).toBe(true);
    expect(roster.conductorsFor({ driver: 'acme' }, 'x').map(({ hostname }) => hostname)).toEqual(['a']);
  });

  it('keeps what a later look found, if an earlier one is answered after it', async () => {
    const answers: ((rows: ConductorRow[]) => void)[] = [];
    const live = () => new Promise<ConductorRow[]>((resolve) => answers.push(resolve));
    const conductor = { latestDatabaseTime: 0, onRegistered: () => {}, isKnownAs: () => false };
    const roster = new Roster({ live }, conductor, new Lifecycle(1));
    const looks = [roster.refresh(), roster.refresh()];
    answers[1]?.([row('cond-a', [described('acme', ['a'])])]);
    await looks[1];
    answers[0]?.([]);
    await looks[0];
    expect(roster.isEmpty).toBe(false);
  });
});
