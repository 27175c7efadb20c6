import { hints } from './hints.js';

const URL = 'http://127.0.0.1:6385';

describe('hints', () => {
  it('call a method of the example driver if it is enabled', () => {
    const text = hints(URL, ['redfish', 'fake-hardware']);
    expect(text).toContain(`${URL}/v1/nodes/n1/vendor_passthru/third_method_sync`);
    expect(text).toContain('"driver": "fake-hardware"');
  });

  it('show the properties of another driver', () => {
    const text = hints(URL, ['redfish', 'idrac']);
    expect(text).toContain(`${URL}/v1/drivers/redfish/properties`);
    expect(text).not.toContain('third_method_sync');
  });

  it('tell how to find drivers if none is enabled', () => {
    const text = hints(URL, []);
    expect(text).toContain('ferrule drivers');
    expect(text).not.toContain('fake-hardware');
  });
});
