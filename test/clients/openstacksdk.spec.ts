import { describeWithSdk, expectSdkToWork } from '../support/openstacksdk.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';

describeWithSdk('openstacksdk', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start({ FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options' });
  });
  afterAll(() => directory.dispose());

  it('creates, reads and deletes nodes and calls methods', async () => {
    const { base } = service.http;
    await expectSdkToWork(base, { OS_AUTH_TYPE: 'none', OS_ENDPOINT: base });
  });
});
