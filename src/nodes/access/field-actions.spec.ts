import { actionsOfValue } from './field-actions.js';

describe('the actions that a value needs', () => {
  it.each([false, 'false', ' off ', 'N', '0', 'nonsense', 0])(
    'are those to disable cleaning for %j',
    (value) => {
      expect(actionsOfValue('automated_clean', value, null)).toEqual(['baremetal:node:disable_cleaning']);
    },
  );

  it.each([true, 'true', ' on ', 'Y', '1', null])('are none for automated_clean: %j', (value) => {
    expect(actionsOfValue('automated_clean', value, null)).toEqual([]);
  });
});
