export { checkDriver } from './conformance/check-driver.js';
export { describeDriver } from './conformance/describe-driver.js';
export { type Verdict } from './conformance/evaluate.js';
export { Answer } from './host/answer.js';
export { type CallOptions } from './host/call-options.js';
export { Host } from './host/host.js';
export { type Job } from './host/job.js';
export { type ListedMethod } from './host/listed-method.js';
export { type HostNode, type NodeOptions } from './host/node.js';
export { type StartHostOptions } from './host/options.js';
export { startHost } from './host/start-host.js';
export {
  type FakeCallOptions,
  type FakeDriverTask,
  fakeDriverTask,
  type FakeSharedTask,
  type FakeTask,
  fakeTask,
  type FakeTaskControls,
  type FakeTaskOptions,
} from './task/fake-task.js';
export { GRADES, RULES } from './rules/index.js';
export { type Finding, type Rule } from './rules/rule.js';
export { type Runner } from './runner/runner.js';
export { type DriverCheckOptions, type Example, type ExampleContext, type Grade } from './subject/options.js';
