import { startRedis, type TestRedis } from '../support/redis.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { jobCases } from './job-cases.js';

describe('a job on PostgreSQL', () => {
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start();
  });
  afterAll(() => directory.dispose());

  jobCases(() => service.http);
});

describeWithProgram('redis-server')('a job on Redis', () => {
  let redis: TestRedis;
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    redis = await startRedis();
    directory = await dataDirectory();
    service = await directory.start({ FERRULE_REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await directory.dispose();
    await redis.stop();
  });

  jobCases(() => service.http);
});
