import {
  OutputModel,
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';
import { gptIcon } from '../../icons';
import { addFixButtons } from '../fixrenderer';

const ERROR = {
  output_type: 'error',
  ename: 'ZeroDivisionError',
  evalue: 'division by zero',
  traceback: ['Traceback', '1 / 0']
};

describe('the button in error outputs', () => {
  let fixed: HTMLElement[];

  const registry = () =>
    new RenderMimeRegistry({ initialFactories: standardRendererFactories });
  const add = (to: RenderMimeRegistry) =>
    addFixButtons(to, {
      label: 'Fix error',
      caption: 'Ask',
      icon: gptIcon,
      onFix: node => fixed.push(node)
    });
  /** Draw an output as an output area does. */
  const draw = async (from: RenderMimeRegistry, value: object) => {
    const model = new OutputModel({ value: value as never, trusted: true });
    const mime = from.preferredMimeType(model.data, 'any')!;
    const renderer = from.createRenderer(mime);
    await renderer.renderModel(model);
    return { renderer, model };
  };
  const buttons = (node: Element) => [
    ...node.querySelectorAll<HTMLButtonElement>('button')
  ];

  beforeEach(() => {
    fixed = [];
  });

  it('stands under the traceback, which is drawn as ever', async () => {
    const rendermime = registry();
    const plain = await draw(rendermime, ERROR);
    add(rendermime);
    // A notebook draws with a copy.
    const { renderer } = await draw(rendermime.clone(), ERROR);
    const [button] = buttons(renderer.node);
    expect(button.getAttribute('aria-label')).toBe('Fix error');
    button.click();
    expect(fixed).toEqual([renderer.node]);
    button.remove();
    expect(renderer.node.outerHTML).toBe(plain.renderer.node.outerHTML);
  });

  it('has no text that could be copied or found', async () => {
    const rendermime = registry();
    const plain = await draw(rendermime, ERROR);
    add(rendermime);
    const { renderer } = await draw(rendermime, ERROR);
    expect(renderer.node.textContent).toBe(plain.renderer.node.textContent);
  });

  it('is there once after the output is drawn again', async () => {
    const rendermime = registry();
    add(rendermime);
    const { renderer, model } = await draw(rendermime, ERROR);
    await renderer.renderModel(model);
    await renderer.renderModel(model);
    expect(buttons(renderer.node)).toHaveLength(1);
    renderer.dispose();
  });

  it('is in no other output', async () => {
    const rendermime = registry();
    add(rendermime);
    for (const value of [
      { output_type: 'stream', name: 'stderr', text: 'warning' },
      { output_type: 'stream', name: 'stdout', text: 'text' },
      { output_type: 'display_data', data: { 'text/plain': 'x' }, metadata: {} }
    ]) {
      const { renderer } = await draw(rendermime, value);
      expect(buttons(renderer.node)).toHaveLength(0);
    }
  });

  it('comes with the renderer of another extension too', async () => {
    const rendermime = registry();
    const [text] = standardRendererFactories.filter(({ mimeTypes }) =>
      mimeTypes.includes('text/plain')
    );
    const mime = 'application/vnd.jupyter.error';
    rendermime.addFactory({
      ...text,
      mimeTypes: [mime],
      defaultRank: 50,
      createRenderer: options => {
        const renderer = text.createRenderer(options);
        renderer.node.dataset.other = options.mimeType;
        return renderer;
      }
    });
    add(rendermime);
    const { renderer } = await draw(rendermime, ERROR);
    expect(renderer.node.dataset.other).toBe(mime);
    expect(buttons(renderer.node)).toHaveLength(1);
  });
});
