import { useBmc } from '../bmc.spec-support.js';
import { RedfishArgumentError, RedfishServiceError } from '../index.js';
import { withKept, type Found } from './kept.js';

describe('withKept', () => {
  const lab = useBmc();
  const paths = ['/redfish/v1/Event Log', '/redfish/v1/SEL'];
  const whole: Found = { lines: paths, unread: [] };
  const partly: Found = {
    lines: paths,
    unread: [{ path: '/redfish/v1/Logs', error: new RedfishServiceError('It is busy.', {}) }],
  };
  const searching = (found: Found) => {
    let searches = 0;
    const find = async (): Promise<Found> => {
      searches += 1;
      return found;
    };
    return { find, searches: () => searches };
  };

  it('keeps paths, also with blanks, for later calls', async () => {
    const { find, searches } = searching(whole);
    const used = async () => withKept(lab.client, 'logs', find, async ({ lines }) => lines);
    expect([await used(), await used()]).toEqual([paths, paths]);
    expect(searches()).toBe(1);
  });

  it('does not keep what was found while a part of the BMC could not be read', async () => {
    const { find, searches } = searching(partly);
    const used = async () => withKept(lab.client, 'logs', find, async ({ lines }) => lines);
    expect([await used(), await used()]).toEqual([paths, paths]);
    expect(searches()).toBe(2);
  });

  it('searches once more for a name that it does not know', async () => {
    const { find, searches } = searching(whole);
    await withKept(lab.client, 'logs', find, async () => undefined);
    const refusal = new RedfishArgumentError('log', 'There is no log x.');
    const refused = withKept(lab.client, 'logs', find, async () => Promise.reject(refusal));
    await expect(refused).rejects.toBe(refusal);
    expect(searches()).toBe(2);
  });
});
