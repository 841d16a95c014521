import type { IEstimate, IPreview } from '../../protocol/frames';

/** What the server says of a question. */
export function estimated(frame: IEstimate, tokens = 1234) {
  return {
    type: 'estimated',
    request_id: frame.request_id,
    provider: 'default',
    model: 'm',
    input_tokens: tokens,
    cached_tokens: 0,
    left_out: 0,
    method: 'calibrated',
    cost_min: '0.0031',
    cost_max: '0.0052',
    priced: true,
    same: null,
    too_long_for: null
  };
}

/** What the server would send for a question: the system prompt, and its parts. */
export function previewed(frame: IPreview) {
  const out = new Set(frame.exclude ?? []);
  const all = (frame.parts ?? []).map((part, index) => ({
    id: `new/${index}`,
    message: 1,
    role: 'user',
    label: part.type === 'cell' ? 'In [7]' : 'You',
    text: part.type === 'cell' ? part.source : 'text' in part ? part.text : '',
    blob: null,
    tokens: 10,
    cost: '0.000001'
  }));
  const system = { ...all[0], id: 'system', message: 0, role: 'system' };
  return {
    type: 'previewed',
    request_id: frame.request_id,
    provider: 'default',
    model: 'm',
    digest: `sha256:${all.length}-${[...out].join()}`,
    items: [
      { ...system, label: 'System prompt', text: 'You are GPT.' },
      ...all.filter(item => !out.has(item.id))
    ],
    left_out: all
      .filter(item => out.has(item.id))
      .map(({ id, label }) => ({ id, label, why: 'excluded' })),
    params: { max_output_tokens: 4096 },
    input_tokens: 30,
    cached_tokens: 20,
    saved: '0.00009',
    cost_min: '0.0001',
    cost_max: '0.002',
    method: 'exact',
    too_long_for: null
  };
}
