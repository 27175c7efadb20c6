import { operationText } from './operation.js';

it('writes an operation as one word', () => {
  const operation = { kind: 'vendor', interface: 'fake', name: 'second_method' } as const;
  expect(operationText(operation)).toBe('vendor:fake.second_method');
});
