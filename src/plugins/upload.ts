import type { TranslationBundle } from '@jupyterlab/translation';
import type { Upload } from '../notebook/upload';
import type { IGPTConnection } from './tokens';

/**
 * The way of content to the server, with sentences for what can go wrong on it.
 */
export function createUpload(
  connection: IGPTConnection,
  trans: TranslationBundle
): Upload {
  return async what => {
    const [client, { errorSentence }, { GPTClientError }] = await Promise.all([
      connection.client(),
      import('../model/errors'),
      import('../connection/errors')
    ]);
    try {
      return await (what instanceof Blob
        ? client.putBlob(what)
        : client.putFile(what.path));
    } catch (reason) {
      throw new Error(
        errorSentence(trans, GPTClientError.from(reason)).sentence
      );
    }
  };
}
