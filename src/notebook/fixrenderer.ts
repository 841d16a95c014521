import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { LabIcon } from '@jupyterlab/ui-components';

/** What an output that is an error carries, beside its traceback as text. */
const ERROR = 'application/vnd.jupyter.error';

/** The traceback as text, which JupyterLab draws. */
const TRACEBACK = 'application/vnd.jupyter.stderr';

/** JupyterLab's rank of the traceback's renderer. */
const TRACEBACK_RANK = 110;

/**
 * A button in each error output.
 *
 * The output's own renderer brings it, so that nothing has to be watched: it is there when
 * JupyterLab draws the error (late, after a reload, when it is scrolled into view) and goes with
 * it. It has no text of its own, so that it is neither copied nor found with the output, and no
 * document knows of it.
 *
 * @param registry - Where renderers come from; a notebook copies it when it is opened.
 */
export function addFixButtons(
  registry: IRenderMimeRegistry,
  options: IFixButtonOptions
): void {
  const mine = registry.getFactory(ERROR);
  const base = mine ?? registry.getFactory(TRACEBACK);
  if (!base) {
    return;
  }
  registry.addFactory(
    {
      ...base,
      mimeTypes: [ERROR],
      createRenderer: given =>
        withButton(
          base.createRenderer(mine ? given : { ...given, mimeType: TRACEBACK }),
          options
        )
    },
    // Before that of the traceback alone, whichever of the two types an error is asked for.
    (base.defaultRank ?? TRACEBACK_RANK) - 1
  );
}

/**
 * Let a renderer draw its button after each drawing, which clears its element. The button's code is
 * loaded with the first error.
 */
function withButton(
  renderer: IRenderMime.IRenderer,
  options: IFixButtonOptions
): IRenderMime.IRenderer {
  const draw = renderer.renderModel.bind(renderer);
  let button: Element | null = null;
  renderer.renderModel = async model => {
    const [{ fixButton }] = await Promise.all([
      import('./fixbutton'),
      draw(model)
    ]);
    if (!renderer.isDisposed) {
      button ??= fixButton(options, renderer.node);
      renderer.node.append(button);
    }
  };
  return renderer;
}

/** What the buttons in error outputs say and do. */
export interface IFixButtonOptions {
  /** Translated. */
  readonly label: string;
  /** What a click does; translated. */
  readonly caption: string;
  readonly icon: LabIcon;
  /** Called with the element of the error's output. */
  readonly onFix: (output: HTMLElement) => void;
}
