import type { Contents } from '@jupyterlab/services';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import type { IAttachment } from '../../tokens';
import { FileAttachment } from '../files';
import type { Upload } from '../upload';
import { trans } from './utils';

/** Two files of the same name: the server's own, and one of another drive. */
function contentsManager(): Contents.IManager {
  const { contents } = new ServiceManagerMock();
  const get: Contents.IManager['get'] = async (path, options) => {
    if (path !== 'S3:data/a.csv' || options?.format !== 'base64') {
      throw new Error('not found');
    }
    return { content: btoa('a,b\n') } as Contents.IModel;
  };
  return Object.assign(Object.create(contents) as Contents.IManager, {
    get,
    driveName: (path: string) => /^(\w+):/.exec(path)?.[1] ?? '',
    localPath: (path: string) => path.replace(/^\w+:/, '')
  });
}

describe('a file of the workspace', () => {
  const given: (Blob | { path: string })[] = [];
  const upload: Upload = async what => {
    given.push(what);
    return { sha256: 'e'.repeat(64), bytes: 4, mime: 'text/plain' };
  };
  const read = async (path: string): Promise<IAttachment> => {
    const chip = new FileAttachment({
      path,
      contents: contentsManager(),
      trans,
      upload,
      open: () => undefined
    });
    await chip.read();
    return chip;
  };
  beforeEach(() => {
    given.length = 0;
  });

  it('is read by the server', async () => {
    const chip = await read('data/a.csv');
    expect(given).toEqual([{ path: 'data/a.csv' }]);
    expect(chip.parts()[0]).toMatchObject({ type: 'file', path: 'data/a.csv' });
  });

  it('is read here from another drive, which its name says', async () => {
    const chip = await read('S3:data/a.csv');
    expect(given).toHaveLength(1);
    expect(given[0]).toBeInstanceOf(Blob);
    expect((given[0] as Blob).size).toBe(4);
    expect(chip.label).toBe('a.csv');
    expect(chip.parts()[0]).toMatchObject({ path: 'S3:data/a.csv' });
    const none = await read('S3:data/none.csv');
    expect([none.problem, given.length]).toEqual([
      'none.csv cannot be read.',
      1
    ]);
  });
});
