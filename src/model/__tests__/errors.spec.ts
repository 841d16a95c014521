import { readFileSync } from 'fs';
import { join } from 'path';
import { nullTranslator } from '@jupyterlab/translation';
import type { ClientErrorCode } from '../../connection/errors';
import { GPTClientError } from '../../connection/errors';
import { errorSentence } from '../errors';

const trans = nullTranslator.load('jupyterlab_gpt');

/** The closed list, read from the types that are generated from the server. */
function codes(): ClientErrorCode[] {
  const path = join(__dirname, '../../protocol/frames.ts');
  const text = readFileSync(path, 'utf8');
  const list = /type ErrorCode =([^;]+);/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/'(\w+)'/g)].map(m => m[1] as ClientErrorCode);
}

describe('errorSentence', () => {
  it.each(codes())('has whole sentences for %s', code => {
    for (const detail of [
      null,
      { host: 'api.example.org', model: 'm', bytes: 1, limit: 2, said: 'no' }
    ]) {
      const error = new GPTClientError(code, 'In English', { detail }).toInfo();
      const { sentence } = errorSentence(trans, error);
      expect(sentence).toMatch(/[.?!)]$|FILE$|fetch-model$|In English$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|%\d/);
    }
  });

  it('names the host and offers the step', () => {
    const error = new GPTClientError('provider_auth', '', {
      detail: { host: 'api.example.org', setting: 'key' }
    });
    expect(errorSentence(trans, error.toInfo())).toEqual({
      sentence:
        'api.example.org does not accept the key. Check it in the settings.',
      action: 'settings'
    });
  });

  it('shows the English message of a code that it does not know', () => {
    const error = new GPTClientError('from_the_future' as never, 'Oh.');
    expect(errorSentence(trans, error.toInfo()).sentence).toBe('Oh.');
  });
});
