import { webhookProblems } from './webhook.js';

const url = { webhookUrl: 'https://hooks.example.org/' };
const secret = { webhookSecret: [Buffer.alloc(24)] };

describe('the settings of webhooks', () => {
  it.each([
    ['neither', {}, [], 0],
    ['both', { ...url, ...secret }, [], 0],
    ['a URL alone', url, [], 1],
    ['a secret alone', secret, [], 1],
    ['a URL and a malformed secret', url, ['webhookSecret'], 0],
    ['a secret and a malformed URL', secret, ['webhookUrl'], 0],
  ])('with %s', (_what, config, wrong, count) => {
    expect(webhookProblems(config, new Set(wrong))).toHaveLength(count);
  });
});
