import { StateDB } from '@jupyterlab/statedb';
import type { IModelInfo } from '../../protocol/frames';
import { TuningModel, tunableOf } from '../tuning';

const CHOICE = { provider: 'default', model: 'a' };
const OTHER = { provider: 'second', model: 'a' };

const info: IModelInfo = {
  provider: 'default',
  id: 'a',
  label: 'a',
  input_price: null,
  cached_price: null,
  output_price: null,
  context_length: null,
  local: false,
  images: null,
  effort: null,
  verbosity: null,
  temperature: null,
  refused: [],
  available: true
};

describe('tunableOf', () => {
  it('lets try what is not known, also of a model that no list has', () => {
    for (const takes of [tunableOf(info), tunableOf(null)]) {
      expect(takes.effort).toEqual(['low', 'medium', 'high']);
      expect(takes.verbosity).toEqual(['low', 'medium', 'high']);
      expect(takes.temperature).toBe(true);
      expect(takes.refused.size).toBe(0);
    }
  });

  it('offers nothing that the model is known not to take', () => {
    const plain = { ...info, effort: [], verbosity: false, temperature: false };
    const takes = tunableOf({ ...plain, refused: ['effort'] });
    expect([takes.effort, takes.verbosity]).toEqual([[], []]);
    expect(takes.temperature).toBe(false);
    expect([...takes.refused]).toEqual(['effort']);
  });

  it('takes the levels of the list', () => {
    const takes = tunableOf({ ...info, effort: ['minimal', 'high'] });
    expect(takes.effort).toEqual(['minimal', 'high']);
  });
});

describe('TuningModel', () => {
  it('keeps each model by itself, and forgets what is left to the model', () => {
    let changes = 0;
    const tuning = new TuningModel(null, () => (changes += 1));
    tuning.set(CHOICE, 'effort', 'high');
    tuning.set(CHOICE, 'temperature', 0);
    tuning.set(OTHER, 'verbosity', 'low');
    expect(tuning.of(CHOICE)).toEqual({ effort: 'high', temperature: 0 });
    expect(tuning.of(OTHER)).toEqual({ verbosity: 'low' });
    tuning.set(CHOICE, 'effort', undefined);
    expect(tuning.of(CHOICE)).toEqual({ temperature: 0 });
    tuning.reset(CHOICE);
    expect(tuning.of(CHOICE)).toEqual({});
    expect(changes).toBe(5);
    tuning.dispose();
  });

  it('is remembered', async () => {
    const state = new StateDB();
    const before = new TuningModel(state, () => undefined);
    before.set(CHOICE, 'effort', 'low');
    before.dispose();
    const after = await new Promise<TuningModel>(done => {
      const tuning = new TuningModel(state, () => done(tuning));
    });
    expect(after.of(CHOICE)).toEqual({ effort: 'low' });
    after.dispose();
  });
});
