const common = {
  // Files of one worker share the modules that are no tests.
  testRunner: '<rootDir>/test/support/jest/runner.mjs',
  // Two of these packages have one name, and one is no JavaScript.
  modulePathIgnorePatterns: ['<rootDir>/test/fixtures/refused/'],
};

const project = (displayName, testMatch) => ({
  ...common,
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
});

export default {
  // Many times what a test needs, since machines may be slow or busy.
  testTimeout: 180_000,
  testSequencer: '<rootDir>/test/support/slowest-first.mjs',
  projects: [
    project('unit', ['src/**/*.spec.ts', 'libs/*/src/**/*.spec.ts', 'test/support/**/*.spec.ts']),
    project('integration', ['test/integration/**/*.spec.ts', 'test/faults/**/*.spec.ts']),
    project('e2e', ['test/e2e/**/*.spec.ts', 'test/clients/**/*.spec.ts']),
    project('conformance', ['test/conformance/**/*.spec.ts']),
  ],
};
