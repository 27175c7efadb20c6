import { resolve } from 'node:path';
import FakeDriver from '@ferrule/driver-fake';
import { describeDriver } from '@ferrule/driver-testing';

const AS_IRONIC = "as Ironic's fake driver has it";
const BAR = { bar: 'an empty value counts as missing, as in Ironic' };
const MESSAGE = { message: 'it is the message of the error' };
const NO_BMC = 'it has no BMC';

describeDriver(FakeDriver, {
  packageFolder: resolve(import.meta.dirname, '../../libs/driver-fake'),
  runs: 8,
  examples: {
    second_method: { args: { bar: 'kazoo' }, fixed: BAR },
    third_method_sync: { args: { bar: 'meow' }, fixed: BAR },
    fourth_method_shared_lock: { args: { bar: 'woof' }, fixed: BAR },
    echo: { args: { password: 'not-to-be-seen', text: 'to be seen' } },
    sleep: [{ args: { seconds: 0 } }, { args: { seconds: 3_600 }, isEndless: true }],
    sleep_sync: [
      { args: { seconds: 0 } },
      { args: { seconds: 2 }, fails: 'MethodTimeout' },
      { args: { seconds: 3_600 }, isEndless: true },
    ],
    driver_sleep: [{ args: { seconds: 0 } }, { args: { seconds: 3_600 }, isEndless: true }],
    note: { args: { key: 'a', value: [1] } },
    fail: { args: { kind: 'conflict', message: 'The node is busy.' }, fails: 'Conflict', fixed: MESSAGE },
    fail_sync: {
      args: { kind: 'conflict', message: 'The node is busy.' },
      fails: 'Conflict',
      fixed: MESSAGE,
    },
  },
  exempt: {
    'args-strict': { 'fake.log_passthrough': AS_IRONIC, 'fake-options.echo': 'it returns all arguments' },
    'driver-info-named': { 'fake-hardware B1': AS_IRONIC, 'fake-hardware B2': AS_IRONIC },
    'driver-info-required': { 'fake-hardware B1': AS_IRONIC, 'fake-hardware B2': AS_IRONIC },
    'result-object': {
      'fake.second_method': AS_IRONIC,
      'fake.third_method_sync': AS_IRONIC,
      'fake.fourth_method_shared_lock': AS_IRONIC,
    },
    'progress-of-long': {
      'fake-options.sleep': 'it is also a job without progress, for tests of the service',
    },
    'error-unreachable': NO_BMC,
    'validate-without-bmc': NO_BMC,
    'by-hand-waits': NO_BMC,
    'by-hand-sessions': NO_BMC,
    'by-hand-hardware': NO_BMC,
    'by-hand-quirks': NO_BMC,
  },
  checked: {
    'by-hand-effects': 'nothing is interrupted but the sleep of a method',
    'by-hand-repeat': 'every method can be called again',
    'by-hand-messages': 'the caller writes the message',
    'by-hand-names': 'the interface `fake` has the names of Ironic',
    'by-hand-upgrade': 'it keeps nothing but notes, under the key of the caller',
  },
});
