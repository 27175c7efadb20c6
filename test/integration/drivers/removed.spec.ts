import { JobRepository } from '../../../src/jobs/record/job.repository.js';
import { listen } from '../../../src/app.module.js';
import { JobFeeder } from '../../../src/jobs/queue/job.feeder.js';
import { jobService } from '../../support/job-service.js';
import { until } from '../../support/until.js';

describe('a job that was accepted before its driver was upgraded', () => {
  it.each([
    ['to a version without the method', { method: 'gone_method' }, 'gone_method'],
    ['to a version that refuses its arguments', { method: 'sleep', args: { seconds: 'many' } }, 'seconds'],
  ])('%s ends as failed and names the reason', async (_, changes, name) => {
    const { app, accept, close } = await jobService();
    try {
      const { id } = await accept(changes);
      await listen(app, { port: 0, host: '127.0.0.1' });
      app.get(JobFeeder).offer([{ id, driver: 'fake-hardware', group: '' }]);
      const jobs = app.get(JobRepository);
      await until(async () => (await jobs.find(id))?.state === 'failed');
      expect(JSON.stringify((await jobs.find(id))?.error)).toContain(name);
    } finally {
      await close();
    }
  });
});
