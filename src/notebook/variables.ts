import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IVariablePart } from '../protocol/frames';
import { INSPECTION } from './inspection';

/**
 * Milliseconds that a kernel has to answer: an idle one takes 20 for twenty tables, and a user who
 * waits longer than two seconds wants to know why.
 */
const PATIENCE_MS = 2000;

/** A kernel that is not there yet, or not there again. */
const STARTING: ReadonlySet<Kernel.Status> = new Set([
  'starting',
  'restarting',
  'autorestarting'
]);

/** What is asked of a kernel: some variables by name, or those that match a text. */
type Request =
  | { readonly names: readonly string[]; readonly limit?: number }
  | { readonly query: string; readonly limit: number };

/** One variable as the kernel describes it. */
interface IDescribed {
  readonly name: string;
  readonly type: string;
  readonly summary: string;
}

/**
 * The variables of a kernel; only an idle one is asked, so that nothing is ever queued.
 *
 * @throws Error with a translated sentence that says why they cannot be had.
 */
export async function readVariables(
  session: ISessionContext,
  request: Request,
  trans: TranslationBundle
): Promise<IVariablePart[]> {
  const kernel = idleKernel(session, trans);
  const late = new Error(
    trans.__('The kernel did not answer within 2 seconds.')
  );
  const language = (await inTime(kernel.info, late)).language_info?.name ?? '';
  if (!/^i?python/i.test(language)) {
    throw new Error(
      language
        ? trans.__('Variables of %1 kernels are not supported.', language)
        : trans.__(
            'This kernel does not say its language: its variables cannot be read.'
          )
    );
  }
  // It may have begun to work meanwhile.
  idleKernel(session, trans);
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { gpt: expression(request) },
    allow_stdin: false,
    stop_on_error: false
  });
  try {
    const { content } = await inTime(future.done, late);
    const described = decode(
      content.status === 'ok' ? content.user_expressions : null
    );
    if (described === null) {
      throw new Error(trans.__('The kernel could not describe its variables.'));
    }
    return described.map(({ name, type, summary }) => ({
      type: 'variable',
      name,
      var_type: type,
      summary
    }));
  } finally {
    future.dispose();
  }
}

/** The kernel, if it can be asked now. */
function idleKernel(
  session: ISessionContext,
  trans: TranslationBundle
): Kernel.IKernelConnection {
  const kernel = session.session?.kernel;
  if (!kernel || kernel.isDisposed) {
    throw new Error(
      trans.__('No kernel is running: start one to read its variables.')
    );
  }
  if (kernel.status === 'dead' || kernel.status === 'terminating') {
    throw new Error(
      trans.__('The kernel is dead: restart it to read its variables.')
    );
  }
  if (STARTING.has(kernel.status)) {
    throw new Error(
      trans.__('The kernel is starting: its variables can be read when it has.')
    );
  }
  if (kernel.connectionStatus !== 'connected') {
    throw new Error(
      trans.__('The kernel is not connected: its variables cannot be read.')
    );
  }
  if (kernel.status !== 'idle') {
    throw new Error(
      trans.__(
        'The kernel is busy: its variables can be read when it has finished.'
      )
    );
  }
  return kernel;
}

/** What comes before the time is over. */
function inTime<T>(promise: Promise<T>, late: Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * One expression: it defines nothing where it is evaluated, and names that the user has given
 * another meaning do not matter to it. JSON's texts are Python's.
 */
function expression(request: Request): string {
  const text = JSON.stringify(JSON.stringify(request));
  return (
    `(lambda b, g: (b.exec(${JSON.stringify(INSPECTION)}, g), ` +
    `g["answer"](b.globals(), g["json"].loads(${text})))[1])` +
    '(__import__("builtins"), {"__name__": "jupyterlab_gpt"})'
  );
}

/** The answer, which is a Python text of base64; null if it is none. */
function decode(expressions: unknown): IDescribed[] | null {
  const reply = (
    expressions as {
      gpt?: { status?: string; data?: Record<string, unknown> };
    } | null
  )?.gpt;
  const text = reply?.status === 'ok' && reply.data?.['text/plain'];
  const base64 = /^'([A-Za-z0-9+/=]+)'$/.exec(String(text))?.[1];
  if (!base64) {
    return null;
  }
  const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as IDescribed[];
}
