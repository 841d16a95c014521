import type { TestServer } from '../../connection/__tests__/server';
import { previewed } from './answers';
import { Chip, Page, failed, modelServer, started, until } from './fixture';

jest.setTimeout(60_000);

describe('PreviewModel', () => {
  let server: TestServer;
  let page: Page;

  beforeEach(async () => {
    server = await modelServer();
    server.onFrame = frame => {
      if (frame.type === 'preview') {
        server.send(previewed(frame));
      }
    };
    page = new Page(server);
    await until(() => page.socket.state === 'open');
  });

  afterEach(async () => {
    page.close();
    await server.stop();
  });

  const preview = () => page.models.preview;
  const composer = () => page.models.composer;
  const known = (asked: number) =>
    until(() => server.of('preview').length === asked && !preview().loading);

  it('opens for what there is to send', async () => {
    expect(preview().open()).toBe(false);
    composer().text = 'Why?';
    expect(preview().open()).toBe(true);
    await known(1);
    const items = preview().current!.items;
    expect(items.map(item => item.text)).toEqual(['You are GPT.', 'Why?']);
    expect(items.map(item => preview().canLeaveOut(item))).toEqual([
      false,
      false
    ]);
  });

  it('waits for a socket that is on its way', async () => {
    page.close();
    page = new Page(server);
    composer().text = 'Why?';
    expect(page.socket.state).not.toBe('open');
    preview().open();
    await known(1);
    expect(preview().error).toBeNull();
    expect(preview().current!.items).toHaveLength(2);
  });

  it('leaves out, puts back, and sends what was looked at', async () => {
    composer().add(new Chip('c', 'x = 1'));
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[1]);
    await known(2);
    expect(server.of('preview')[1].exclude).toEqual(['new/0']);
    expect(preview().current!.items.map(item => item.id)).toEqual([
      'system',
      'new/1'
    ]);
    expect(preview().canLeaveOut(preview().current!.items[1])).toBe(false);
    preview().putBack('new/0');
    await known(3);
    expect(server.of('preview')[2]).not.toHaveProperty('exclude');
    preview().leaveOut(preview().current!.items[1]);
    await known(4);
    expect(preview().send()).toBe(true);
    expect(preview().isOpen).toBe(false);
    await until(() => server.of('submit').length === 1);
    const [submit] = server.of('submit');
    expect(submit).toMatchObject({
      exclude: ['new/0'],
      digest: preview().current!.digest
    });
    expect(submit.parts).toHaveLength(2);
    // The next one is whole again.
    expect(composer().excludes.list).toEqual([]);
    server.send(started(submit));
  });

  it('leaves out by what it is, not by its place', async () => {
    const chip = new Chip('c', 'x = 1');
    composer().add(new Chip('first', 'y = 1'));
    composer().add(chip);
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[2]);
    await known(2);
    preview().close();
    composer().text = 'Why, then?';
    composer().remove('first');
    expect(composer().question?.exclude).toEqual(['new/0']);
    composer().remove('c');
    expect(composer().question).not.toHaveProperty('exclude');
    expect(composer().excludes.list).toEqual([]);
  });

  it('keeps what is left out of a draft in another conversation', async () => {
    composer().add(new Chip('c', 'secret = 1'));
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[1]);
    await known(2);
    preview().close();
    page.models.conversations.newConversation();
    expect(composer().question?.exclude).toEqual(['new/0']);
    composer().send();
    await until(() => server.of('submit').length === 1);
    expect(server.of('submit')[0].exclude).toEqual(['new/0']);
  });

  it('keeps what is left out when an earlier question comes back', async () => {
    composer().text = 'One';
    composer().send();
    await until(() => server.of('submit').length === 1);
    composer().add(new Chip('c', 'secret = 1'));
    composer().text = 'Two';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[1]);
    await known(2);
    preview().close();
    const [asked] = server.of('submit');
    server.send(failed(asked, 0, 'over_budget'));
    await until(() => page.conversation.running === null);
    composer().edit(asked.message_id);
    expect(composer().text).toBe('One\n\nTwo');
    expect(composer().question?.exclude).toEqual(['new/0']);
  });

  it('tells two cells of one id apart by their chips', async () => {
    const [one, two] = [new Chip('a', 'x = 1'), new Chip('b', 'x = 1')];
    for (const chip of [one, two]) {
      const part = { ...chip.parts()[0], cell_id: 'same' };
      chip.parts = () => [part];
      composer().add(chip);
    }
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[2]);
    await known(2);
    expect(composer().question?.exclude).toEqual(['new/1']);
  });

  it('does not open over another draft when it came too late', async () => {
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().send();
    await until(() => server.of('submit').length === 1);
    page.models.conversations.newConversation();
    composer().text = 'Another draft';
    server.send(failed(server.of('submit')[0], 0, 'preview_changed'));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(preview().isOpen).toBe(false);
    expect(composer().text).toBe('Another draft');
  });

  it('is shown again when it would be something else by now', async () => {
    const chip = new Chip('c', 'x = 1');
    composer().add(chip);
    composer().text = 'Why?';
    preview().open();
    await known(1);
    preview().leaveOut(preview().current!.items[1]);
    await known(2);
    preview().send();
    await until(() => server.of('submit').length === 1);
    server.send(failed(server.of('submit')[0], 0, 'preview_changed'));
    await until(() => preview().isOpen);
    expect(preview().hasChanged).toBe(true);
    expect(composer().text).toBe('Why?');
    expect(composer().attachments).toEqual([chip]);
    await known(3);
    expect(server.of('preview')[2].exclude).toEqual(['new/0']);
    expect(page.conversation.messages).toHaveLength(0);
    preview().send();
    await until(() => server.of('submit').length === 2);
    server.send(started(server.of('submit')[1]));
    await until(() => chip.isDisposed);
    expect(preview().isOpen).toBe(false);
  });

  it('says why there is none', async () => {
    server.onFrame = frame => {
      if (frame.type === 'preview') {
        server.send(failed(frame, 0, 'no_model'));
      }
    };
    composer().text = 'Why?';
    preview().open();
    await until(() => preview().error?.code === 'no_model');
    expect(preview().send()).toBe(false);
    expect(composer().text).toBe('Why?');
  });
});
