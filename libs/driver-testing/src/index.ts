export * from './bmc/index.js';
