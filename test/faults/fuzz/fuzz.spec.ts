import { fuzz } from './fuzz.js';
import { type FuzzService, fuzzService } from './fuzz-service.js';

const REQUESTS = 800;

describe('random requests', () => {
  let service: FuzzService;
  beforeAll(async () => (service = await fuzzService()));
  afterAll(() => service.dispose());

  it('cause no error of the service and show no secret', async () => {
    const { statuses, findings } = await fuzz(service, { count: REQUESTS, seed: 1 });
    expect(findings).toEqual([]);
    // They reach what they are meant for, and are refused for many reasons.
    for (const status of [200, 202, 400, 401, 404]) expect(statuses[status] ?? 0).toBeGreaterThan(0);
  });
});
