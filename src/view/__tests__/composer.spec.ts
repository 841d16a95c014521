import { Chip } from '../../model/__tests__/fixture';
import { Bench, until } from './bench';

describe('composer', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open();
  });

  afterEach(() => bench.close());

  it('breaks the line with Shift, and sends nothing while a candidate is chosen', () => {
    bench.type(bench.box, 'a');
    expect(bench.key(bench.box, 'Enter', { shiftKey: true })).toBe(true);
    expect(bench.key(bench.box, 'Enter', { isComposing: true })).toBe(true);
    expect(bench.server.of('submit')).toHaveLength(0);
    expect(bench.key(bench.box, 'Enter')).toBe(false);
  });

  it('cannot send nothing, and says so', () => {
    const [send] = bench.buttons('Send');
    expect(send.getAttribute('aria-disabled')).toBe('true');
    bench.key(bench.box, 'Enter');
    expect(bench.server.of('submit')).toHaveLength(0);
  });

  it('goes back to the notebook with Escape', () => {
    bench.key(bench.box, 'Escape');
    expect(bench.notebook.focused).toBe(1);
  });

  it('brings the last prompt back with ArrowUp in the empty box', async () => {
    await bench.page.ask('First prompt');
    await until(() => bench.box.value === '');
    bench.key(bench.box, 'ArrowUp');
    expect(bench.box.value).toBe('First prompt');
    bench.key(bench.box, 'ArrowDown');
    expect(bench.box.value).toBe('');
  });

  it('shows a chip by its name and removes it', async () => {
    const chip = new Chip('c7', 'x = 1');
    bench.page.models.composer.add(chip);
    await until(() => bench.find('[aria-label="Context: In [7]"]') !== null);
    await bench.press('Remove');
    await until(() => bench.find('[aria-label="Context: In [7]"]') === null);
    expect(chip.isDisposed).toBe(true);
  });

  it('adds the whole notebook from a menu, by keyboard alone', async () => {
    const chip = new Chip('whole', 'x = 1');
    Object.assign(bench.notebook, { attachNotebook: () => chip });
    const [add] = bench.buttons('Add context');
    expect(add.getAttribute('aria-haspopup')).toBe('menu');
    add.click();
    await until(() => bench.find('[role=menu]') !== null);
    expect(add.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement?.textContent).toBe('Active cell');
    bench.key(document.activeElement!, 'ArrowDown');
    expect(document.activeElement?.textContent).toBe('Whole notebook');
    bench.key(document.activeElement!, 'Escape');
    await until(() => bench.find('[role=menu]') === null);
    expect(document.activeElement).toBe(add);
    add.click();
    await until(() => bench.find('[role=menu]') !== null);
    bench.key(document.activeElement!, 'ArrowDown');
    (document.activeElement as HTMLElement).click();
    await until(() => bench.page.models.composer.attachments.length === 1);
    expect(document.activeElement).toBe(bench.box);
  });

  it('says in its menu when no notebook is open', async () => {
    bench.notebook.path = null;
    bench.notebook.active = null;
    await bench.press('Add context');
    await until(() => bench.find('[role=menu]') !== null);
    const items = [...bench.node.querySelectorAll('[role=menuitem]')];
    const [cell, whole, image] = items;
    // An image comes from elsewhere.
    expect(image.getAttribute('aria-disabled')).not.toBe('true');
    for (const item of [cell, whole]) {
      expect(item.getAttribute('aria-disabled')).toBe('true');
      expect(item.getAttribute('title')).toBe('No notebook is open');
    }
  });

  it('takes the caret when asked to, also before it is drawn', async () => {
    bench.panel.showConversations();
    await until(() => bench.find('textarea') === null);
    bench.panel.focusPrompt();
    await until(() => document.activeElement === bench.find('textarea'));
  });

  it('begins with an example, and sends nothing by itself', async () => {
    await bench.press('Load a CSV file and plot it');
    expect(bench.box.value).toBe('Load a CSV file and plot it');
    expect(document.activeElement).toBe(bench.box);
    expect(bench.server.of('submit')).toHaveLength(0);
  });
});
