import { startRedis, type TestRedis } from '../support/redis.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { WatchFile } from '../support/watch.js';
import { jobCases } from './job-cases.js';

const TYPES = { FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware' };

describe('a job on PostgreSQL', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    service = await directory.start({ ...watch.env, ...TYPES });
  });
  afterAll(() => directory.dispose());

  jobCases(() => ({ http: service.http, watch }));
});

describeWithProgram('redis-server')('a job on Redis', () => {
  let redis: TestRedis;
  let directory: DataDirectory;
  let watch: WatchFile;
  let service: Service;
  beforeAll(async () => {
    redis = await startRedis();
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    service = await directory.start({ ...watch.env, ...TYPES, FERRULE_REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await directory.dispose();
    await redis.stop();
  });

  jobCases(() => ({ http: service.http, watch }));
});
