import { switchedOff } from '../protocol/features';
import { badKey, badUrl, megabytes, said } from './reasons';
import type { Sentence } from './sentence';

/**
 * What goes wrong between this page, the Jupyter server, its disk and the built-in model.
 */
export const SERVER_SENTENCES = {
  // This page and the Jupyter server.
  server_unreachable: t => [
    t.__('The Jupyter server does not answer. Is it still running?'),
    'retry'
  ],
  login_required: t => [
    t.__('The Jupyter server does not accept your login. Log in again.'),
    'reload'
  ],
  bad_response: t => [
    t.__(
      'The server part of JupyterLab GPT does not answer as it should. Check that it is installed and enabled, then restart JupyterLab.'
    )
  ],
  frame_too_large: (t, d) => [
    t.__(
      'The prompt with all its context has %1; at most %2 can be sent. Remove a chip or shorten it.',
      megabytes(t, d('bytes')),
      megabytes(t, d('limit'))
    ),
    'edit'
  ],
  content_too_large: (t, d) => [
    t.__(
      'A piece of this prompt has %1; the server takes at most %2. Send a part of it.',
      megabytes(t, d('bytes')),
      megabytes(t, d('limit'))
    ),
    'edit'
  ],
  answer_running: t => [t.__('An answer is being written: stop it first.')],
  file_not_written: (t, d) => [
    t.__(
      'The notebook could not be written into “%1”: %2. Try again, or use “Export as notebook”, which saves it on your computer.',
      d('folder', '/'),
      d('reason')
    )
  ],
  folder_read_only: (t, d) => [
    t.__(
      'You may not write into the folder “%1”. Bring a notebook of another folder to the front, or go to another folder in the file browser; “Export as notebook” saves it on your computer.',
      d('folder', '/')
    )
  ],
  source_gone: t => [
    t.__('What this was about is no longer there, so nothing was sent.')
  ],
  internal: t => [
    t.__(
      'Something went wrong in the Jupyter server. Try again; its log says more.'
    ),
    'retry'
  ],
  bad_request: (t, d, e) => [
    t.__('The server does not understand this request: %1', e.message),
    'reload'
  ],
  bad_frame: t => [
    t.__(
      'This page and the server do not understand each other. Reload the page.'
    ),
    'reload'
  ],
  empty_prompt: t => [
    t.__('The prompt is empty. Write a question first.'),
    'edit'
  ],
  bad_parent: t => [
    t.__(
      'This conversation was changed in another place. Reload the page and ask again.'
    ),
    'reload'
  ],
  bad_key: (t, d) => [badKey(t, d('reason')), 'settings'],
  bad_url: (t, d, e) => [badUrl(t, d('reason'), e.message), 'settings'],
  bad_amount: t => [
    t.__('This is not an amount. Write it like 20 or 12.50.'),
    'settings'
  ],
  bad_timezone: t => [
    t.__('This time zone is not known. Write it like Europe/Berlin.'),
    'settings'
  ],
  unknown_conversation: t => [
    t.__('This conversation is no longer there. Start a new one.'),
    'new-conversation'
  ],
  unknown_message: t => [
    t.__('This message is no longer there. Reload the page.'),
    'reload'
  ],
  unknown_request: t => [
    t.__('The server knows nothing of this question. Send it again.'),
    'retry'
  ],
  unknown_provider: t => [
    t.__('The chosen provider is not set up. Choose another model.'),
    'choose-model'
  ],
  unknown_blob: t => [
    t.__('The server no longer has a part of this question. Send it again.'),
    'retry'
  ],
  unknown_file: (t, d) => [
    t.__('There is no file %1 in the workspace.', d('path')),
    'edit'
  ],
  too_large: (t, d) => [
    t.__(
      'This is too large for the server: it takes at most %1. Send a part of it.',
      megabytes(t, d('limit'))
    ),
    'edit'
  ],
  duplicate_id: t => [
    t.__('This question was sent before. Reload the page to see it.'),
    'reload'
  ],
  preview_changed: t => [
    t.__(
      'What would be sent has changed since the preview, so nothing was sent. Look at it again.'
    ),
    'retry'
  ],
  turn_running: t => [
    t.__('An answer is still being written here. Wait for it, or stop it.')
  ],
  // The administrator's policy.
  locked: t => [
    t.__(
      'The administrator of this server has set this; it cannot be changed here.'
    )
  ],
  model_not_allowed: (t, d) => [
    t.__(
      'The administrator does not allow the model %1. Choose another one.',
      d('model')
    ),
    'choose-model'
  ],
  base_url_not_allowed: t => [
    t.__('The administrator does not allow this address. Use another one.'),
    'settings'
  ],
  feature_disabled: (t, d) => [switchedOff(t, d('feature'))],
  not_available: t => [t.__('This server does not offer that yet.')],
  rate_limited: (t, d, e) => [
    e.retry_after
      ? t.__(
          'Too many questions at once. Try again in %1 s.',
          Math.ceil(e.retry_after)
        )
      : t.__('Too many questions at once. Try again in a minute.'),
    'retry'
  ],
  // The disk.
  storage_full: t => [
    t.__('The disk of the server is full. Free some space, then try again.'),
    'retry'
  ],
  storage_locked: t => [
    t.__('The database of the server is busy. Try again in a moment.'),
    'retry'
  ],
  storage_read_only: t => [
    t.__(
      'The server cannot write its database. Make its folder writable, then try again.'
    ),
    'retry'
  ],
  storage_failed: t => [
    t.__('The server could not store this. Try again; its log says more.'),
    'retry'
  ],
  // The built-in model.
  local_model_missing: t => [
    t.__('The built-in model is not on this computer yet. Download it first.'),
    'fetch-local'
  ],
  local_runtime_missing: t => [
    t.__(
      'What runs the built-in model is not installed. Run %1, then restart JupyterLab.',
      'pip install "jupyterlab-gpt[local]"'
    ),
    'choose-model'
  ],
  local_model_failed: (t, d) => [
    said(
      t,
      t.__('The built-in model did not start, or ended. Try again.'),
      d('reason')
    ),
    'retry'
  ],
  fetch_failed: (t, d) => [
    said(
      t,
      t.__(
        'The built-in model could not be downloaded. Try again later, or get the file in another way and run: %1',
        d('command', 'jupyter-gpt fetch-model')
      ),
      d('reason')
    ),
    'fetch-local'
  ],
  fetch_stopped: t => [
    t.__('The download was stopped. It goes on where it was.'),
    'fetch-local'
  ],
  server_stopped: t => [
    t.__(
      'The server stopped while this answer was being written. What had arrived is kept; send the question again for a whole answer.'
    ),
    'retry'
  ]
} satisfies Record<string, Sentence>;
