import { marked, type Token } from 'marked';

/**
 * The bare pages: what reading and drawing a stream costs at least, without JupyterLab and server.
 */

interface ISink {
  /** Take a piece. */
  append(text: string): void;
  /** Draw what came since the last frame. */
  draw(): void;
}

/** Text alone, a block a line. */
function textSink(host: HTMLElement): ISink {
  const pre = host.appendChild(document.createElement('div'));
  pre.style.whiteSpace = 'pre-wrap';
  let block: Text | null = null;
  return {
    append: text => {
      text.split('\n').forEach((part, index) => {
        if (index > 0 || !block) {
          block = document.createTextNode('');
          pre.appendChild(document.createElement('div')).append(block);
        }
        block.appendData(part);
      });
    },
    draw: () => undefined
  };
}

/** Markdown with `marked`, once a frame: settled blocks stay, the open one is rendered anew. */
function markdownSink(host: HTMLElement): ISink {
  let open = '';
  let changed = false;
  let tail = host.appendChild(document.createElement('div'));
  const render = (tokens: Token[]): string => marked.parser(tokens);
  return {
    append: text => {
      open += text;
      changed = true;
    },
    draw: () => {
      if (!changed) {
        return;
      }
      changed = false;
      const tokens = marked.lexer(open);
      const settled = tokens.slice(0, -1);
      if (settled.length > 0) {
        tail.innerHTML = render(settled);
        open = open.slice(
          settled.reduce((sum, one) => sum + one.raw.length, 0)
        );
        tail = host.appendChild(document.createElement('div'));
      }
      tail.innerHTML = render(tokens.slice(-1));
    }
  };
}

async function read(model: string, sink: ISink): Promise<void> {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model, stream: true })
  });
  const reader = response
    .body!.pipeThrough(new TextDecoderStream())
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: {')) {
        const { choices } = JSON.parse(line.slice(6)) as {
          choices: { delta: { content?: string } }[];
        };
        sink.append(choices[0]?.delta.content ?? '');
      }
    }
  }
}

/** Read a stream and draw it, its end always in view. */
async function stream(kind: 'text' | 'marked', model: string): Promise<void> {
  const host = document.getElementById('host') as HTMLElement;
  const sink = kind === 'text' ? textSink(host) : markdownSink(host);
  let running = true;
  const frame = (): void => {
    sink.draw();
    host.scrollTop = host.scrollHeight;
    if (running) {
      requestAnimationFrame(frame);
    }
  };
  requestAnimationFrame(frame);
  await read(model, sink);
  await new Promise(requestAnimationFrame);
  running = false;
}

/** Render a finished text once. */
async function once(text: string): Promise<void> {
  const host = document.getElementById('host') as HTMLElement;
  host.innerHTML = marked.parse(text) as string;
  host.scrollTop = host.scrollHeight;
  await new Promise(resolve =>
    requestAnimationFrame(() => setTimeout(resolve, 0))
  );
}

Object.assign(window, { stream, once });
