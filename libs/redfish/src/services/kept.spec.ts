import { useBmc } from '../bmc.spec-support.js';
import { withKept } from './kept.js';

describe('withKept', () => {
  const lab = useBmc();

  it('keeps paths, also with blanks, for later calls', async () => {
    const paths = ['/redfish/v1/Event Log', '/redfish/v1/SEL'];
    const found: (readonly string[])[] = [];
    const find = async (): Promise<string[]> => {
      found.push(paths);
      return paths;
    };
    const used = async (): Promise<readonly string[]> =>
      withKept(lab.client, 'logs', find, async (each) => each);
    expect([await used(), await used()]).toEqual([paths, paths]);
    expect(found).toHaveLength(1);
  });
});
