import {
  delta,
  failed,
  finished,
  started
} from '../../model/__tests__/fixture';
import type { ISubmit } from '../../protocol/frames';
import { Bench, until } from './bench';

/**
 * What stands under an answer that did not simply end.
 */
describe('the end of an answer', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open();
  });

  afterEach(() => bench.close());

  async function asked(): Promise<ISubmit> {
    bench.type(bench.box, 'Hello');
    bench.key(bench.box, 'Enter');
    await until(() => bench.server.of('submit').length === 1);
    const [submit] = bench.server.of('submit');
    bench.server.send(started(submit));
    return submit;
  }

  const says = (text: string): Promise<void> =>
    until(() => bench.answers()[0]?.textContent?.includes(text) ?? false);

  it('says that a tool was wanted, which nobody offered', async () => {
    const submit = await asked();
    bench.server.send(delta(submit, 2, 'Let me look.'));
    bench.server.send({
      ...finished(submit, 3),
      finish_reason: 'tool_calls'
    });
    await says('wanted to call a tool');
  });

  it('says which setting the model refused', async () => {
    const submit = await asked();
    bench.server.send(delta(submit, 2, 'Here it is.'));
    bench.server.send({ ...finished(submit, 3), dropped: ['temperature'] });
    await says('does not take the setting temperature');
  });

  it('has failed where nothing but thinking came, as the server stores it', async () => {
    const submit = await asked();
    bench.server.send({ ...delta(submit, 2, 'Hm.'), kind: 'thinking' });
    bench.server.send(failed(submit, 3, 'empty_answer'));
    await says('The model answered nothing');
    expect(bench.answers()[0].dataset.status).toBe('failed');
  });
});
