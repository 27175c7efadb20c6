import { ResourceTree } from './tree.js';

describe('a resource tree', () => {
  const tree = (): ResourceTree =>
    new ResourceTree({ '/redfish/v1/All': { Members: [{ '@odata.id': '/redfish/v1/All/a%20b' }] } });

  it('finds a path with and without slash, escaped or not', () => {
    const one = tree();
    one.set('/redfish/v1/All/a b/', { Id: 'a b' });
    expect(one.get('/redfish/v1/All/a%20b')).toEqual({ Id: 'a b' });
    expect(one.get('/redfish/v1/All/%E0%A4%A')).toBeUndefined();
  });

  it('does not double the link of a member', () => {
    const one = tree();
    one.addMember('/redfish/v1/All', '/redfish/v1/All/a b', {});
    expect(one.members('/redfish/v1/All')).toEqual(['/redfish/v1/All/a%20b']);
    one.addMember('/redfish/v1/All', '/redfish/v1/All/c', {});
    expect(one.get('/redfish/v1/All')).toMatchObject({ 'Members@odata.count': 2 });
    one.removeMember('/redfish/v1/All', '/redfish/v1/All/a b/');
    expect(one.members('/redfish/v1/All')).toEqual(['/redfish/v1/All/c']);
  });

  it('merges objects, replaces the rest, and counts revisions', () => {
    const one = tree();
    const given = { Oem: { A: 1, B: [1, 2] }, Kept: true };
    one.set('/x', given);
    const before = one.revision('/x');
    one.patch('/x', { Oem: { B: [3] } });
    expect(one.get('/x')).toEqual({ Oem: { A: 1, B: [3] }, Kept: true });
    expect(one.revision('/x')).toBe(before + 1);
    expect(given.Oem.B).toEqual([1, 2]);
  });
});
