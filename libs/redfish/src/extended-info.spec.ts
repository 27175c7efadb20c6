import { extendedInfo, properties, reportsFailure, summary } from './extended-info.js';
import type { JsonValue } from './json.js';

const info = { MessageId: 'Base.1.5.PropertyUnknown', Message: 'The property EventTypes is unknown.' };

/** As HPE sends it. */
const TERSE = {
  MessageId: 'Base.1.18.PropertyValueNotInList',
  MessageArgs: ['Base', 'RegistryPrefixes'],
};

describe('extendedInfo', () => {
  it.each<[string, JsonValue, string]>([
    ['an array', { error: { '@Message.ExtendedInfo': [info] } }, info.Message],
    ['one object', { error: { '@Message.ExtendedInfo': info } }, info.Message],
    ['beside the error', { error: {}, '@Message.ExtendedInfo': [info] }, info.Message],
    ['without an error', { '@Message.ExtendedInfo': [info] }, info.Message],
    ['beside a property', { 'EventTypes@Message.ExtendedInfo': [info] }, info.Message],
    ['strings', { error: { '@Message.ExtendedInfo': ['Not licensed.'] } }, 'Not licensed.'],
    ['code and message only', { error: { code: 'x.Y', message: 'Broken.' } }, 'Broken.'],
    ['an error that is a string', { error: 'Broken.' }, 'Broken.'],
    ['a bare string', 'Broken.', 'Broken.'],
    ['a bare array', [info], info.Message],
    ['an id without a text', { error: { '@Message.ExtendedInfo': [{ MessageId: 'A.1.B' }] } }, 'B (A.1.B)'],
    [
      'a code of a vendor without a text',
      { error: { '@Message.ExtendedInfo': [{ MessageId: 'SYS518' }] } },
      'SYS518',
    ],
    [
      'an id and arguments without a text',
      { error: { '@Message.ExtendedInfo': [TERSE] } },
      'Property value not in list: Base, RegistryPrefixes (Base.1.18.PropertyValueNotInList)',
    ],
  ])('reads %s', (_shape, body, text) => {
    expect(summary(extendedInfo(body))).toBe(text);
  });

  it.each<[string, JsonValue | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['[]', []],
    ['an empty list', { error: { '@Message.ExtendedInfo': [] } }],
    ['a number', 7],
    ['an info of null', { error: { '@Message.ExtendedInfo': null } }],
  ])('finds no message in %s', (_shape, body) => {
    expect(extendedInfo(body)).toEqual([]);
  });

  it('takes the last part of the id, with or without registry and version, as the key', () => {
    const keys = ['IDRAC.2.8.SYS518', 'SYS518', 'iLO.2.14.InvalidOperationForSystemState', ''].map(
      (MessageId) =>
        extendedInfo({ error: { '@Message.ExtendedInfo': { MessageId, Message: 'x' } } })[0]?.key,
    );
    expect(keys).toEqual(['SYS518', 'SYS518', 'InvalidOperationForSystemState', '']);
  });

  it('leaves general messages out of a summary that has better ones', () => {
    const general = { MessageId: 'Base.1.0.GeneralError', Message: 'See below.' };
    const body = { error: { '@Message.ExtendedInfo': [general, info, info] } };
    expect(summary(extendedInfo(body))).toBe(info.Message);
  });
});

describe('properties', () => {
  it('takes RelatedProperties, else what the arguments name', () => {
    const found = extendedInfo([
      { MessageId: 'Base.1.0.PropertyNotWriteable', RelatedProperties: ['#/Boot/Mode'], MessageArgs: ['x'] },
      { MessageId: 'Base.1.0.PropertyUnknown', MessageArgs: ['EventTypes'] },
      { MessageId: 'Base.1.0.PropertyValueNotInList', MessageArgs: ['Red', 'IndicatorLED'] },
      { MessageId: 'Base.1.0.GeneralError' },
    ]);
    expect(properties(found)).toEqual(['Boot/Mode', 'EventTypes', 'IndicatorLED']);
  });

  it('takes the property that a message stands beside, unless it names another', () => {
    const found = extendedInfo({
      'Context@Message.ExtendedInfo': [{ MessageId: 'Base.1.16.0.PropertyValueFormatError' }],
      'Oem@Message.ExtendedInfo': [{ MessageId: 'X.1.Y', RelatedProperties: ['#/Oem/Key'] }],
    });
    expect(properties(found)).toEqual(['Context', 'Oem/Key']);
  });
});

describe('summary', () => {
  const said = (error: JsonValue): string => summary(extendedInfo({ error }));

  it('has every text and what the BMC advises, each once', () => {
    expect(
      said({
        code: 'Base.1.12.GeneralError',
        message: 'A general error has occurred. See ExtendedInfo for more information',
        '@Message.ExtendedInfo': [
          { MessageId: 'A.1.B', Message: 'The slot is empty', Resolution: 'Insert a medium.' },
          { MessageId: 'A.1.C', Message: 'The fan is off.', Resolution: 'None.' },
          { MessageId: 'A.1.D', Message: 'The door is open.', Resolution: 'Insert a medium.' },
        ],
      }),
    ).toBe('The slot is empty. Insert a medium. The fan is off. The door is open.');
  });

  it('has error.message where it says more than the messages beside it', () => {
    const info = [{ MessageId: 'A.1.B', Message: 'The slot is empty.' }];
    expect(said({ code: 'x', message: 'The licence ended.', '@Message.ExtendedInfo': info })).toBe(
      'The slot is empty. The licence ended.',
    );
    expect(said({ code: 'x', message: 'See @Message.ExtendedInfo.', '@Message.ExtendedInfo': info })).toBe(
      'The slot is empty.',
    );
  });
});

describe('reportsFailure', () => {
  const error = (MessageId: string, Severity?: string): JsonValue => ({
    error: {
      code: 'iLO.0.10.ExtendedInfo',
      '@Message.ExtendedInfo': [{ MessageId, ...(Severity && { Severity }) }],
    },
  });

  it.each([
    [error('Base.1.4.Success'), false],
    [error('iLO.2.14.SystemResetRequired'), false],
    [error('Base.1.0.AccountModified'), false],
    [error('Vendor.1.0.Whatever', 'OK'), false],
    [error('iLO.2.15.ResetInProgress'), false],
    [error('iLO.2.15.ImportCertSuccessful'), false],
    [error('iLO.2.15.EventLogCleared'), false],
    [error('Base.1.8.ResetRequired'), false],
    [error('Base.1.8.ResetRequired', 'OK'), false],
    [error('Base.1.8.ResetRequired', 'Warning'), true],
    [error('Base.1.8.NoOperation', 'Warning'), true],
    [error('Vendor.1.0.Whatever', 'Critical'), true],
    [error('Base.1.8.AccountNotModified', 'Warning'), true],
    [error('Base.1.8.AccountNotModified'), true],
    [error('iLO.2.15.LicenseKeyRequired'), true],
    [error('iLO.2.14.InvalidOperationForSystemState'), true],
    [error('Base.1.8.PropertyUnknown'), true],
    [{ error: { code: 'Base.1.8.InternalError', message: 'It failed.' } }, true],
    [error('Base.1.0.GeneralError'), true],
    [error('Vendor.1.0.Whatever', 'Warning'), true],
    [{ error: 'Broken.' }, true],
    [{ error: {} }, false],
    [{ Name: 'a resource' }, false],
    [[], false],
  ])('tells that %j reports one: %s', (body, expected) => {
    expect(reportsFailure(body)).toBe(expected);
  });
});
