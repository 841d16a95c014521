import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { act } from 'react-dom/test-utils';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import type { IHeaderEdits } from '../providers-headers';
import { HeaderFields, NO_EDITS, headersPatch } from '../providers-headers';

const trans = nullTranslator.load('jupyterlab_gpt');

describe('the headers of a provider', () => {
  let host: HTMLElement;
  let root: Root;
  let edits: IHeaderEdits;

  const draw = (): void =>
    root.render(
      <HeaderFields
        names={['X-Org', 'X-Team']}
        edits={edits}
        trans={trans}
        onChange={next => {
          edits = next;
          draw();
        }}
      />
    );
  const named = (name: string): HTMLElement =>
    host.querySelector<HTMLElement>(`[aria-label="${name}"]`)!;
  const press = (name: string): Promise<void> =>
    act(async () => named(name).click());
  const type = (name: string, text: string): Promise<void> =>
    act(async () => {
      const setter = Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )!.set!;
      setter.call(named(name), text);
      named(name).dispatchEvent(new Event('input', { bubbles: true }));
    });

  beforeEach(async () => {
    (
      globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
    ).IS_REACT_ACT_ENVIRONMENT = true;
    edits = NO_EDITS;
    host = document.createElement('div');
    document.body.appendChild(host);
    root = createRoot(host);
    await act(async () => draw());
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  it('names the saved ones and holds no value of theirs', () => {
    expect(host.querySelector('summary')?.textContent).toContain(
      'X-Org, X-Team'
    );
    expect(headersPatch(edits)).toBeNull();
    for (const input of host.querySelectorAll('input')) {
      expect(input.value).toBe('');
    }
    expect((named('Value of X-Org') as HTMLInputElement).type).toBe('password');
  });

  it('replaces one, removes one and adds one', async () => {
    await type('Value of X-Org', 'maths');
    await press('Remove X-Team');
    expect((named('Value of X-Team') as HTMLInputElement).readOnly).toBe(true);
    await type('Name of a new header', ' X-New ');
    // A name without a value is no header yet.
    expect(headersPatch(edits)).toEqual({ 'X-Org': 'maths', 'X-Team': null });
    await type('Value of the new header', 'n');
    expect(headersPatch(edits)).toEqual({
      'X-Org': 'maths',
      'X-Team': null,
      'X-New': 'n'
    });
  });

  it('changes nothing where it was taken back', async () => {
    await press('Remove X-Team');
    await press('Keep X-Team');
    await type('Value of X-Org', 'm');
    await type('Value of X-Org', '');
    expect(headersPatch(edits)).toBeNull();
  });
});
