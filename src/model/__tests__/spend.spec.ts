import { reportOf, model, sums } from '../../view/__tests__/usage-fixture';
import { addCosts, dailyShare, outlook } from '../spend';
import {
  asDate,
  dayIn,
  daysBetween,
  daysOf,
  lastOf,
  shiftMonth
} from '../usage-days';

describe('days', () => {
  it('begin where the time zone says', () => {
    const now = new Date('2026-11-30T23:30:00Z');
    expect(dayIn('UTC', now)).toBe('2026-11-30');
    expect(dayIn('Europe/Berlin', now)).toBe('2026-12-01');
    expect(dayIn('Pacific/Kiritimati', now)).toBe('2026-12-01');
    expect(dayIn('America/Los_Angeles', now)).toBe('2026-11-30');
  });

  it('of a month', () => {
    expect(daysOf('2026-02')).toHaveLength(28);
    expect(daysOf('2028-02')).toHaveLength(29);
    expect(lastOf('2026-12')).toBe('2026-12-31');
    expect(shiftMonth('2026-01', -1)).toBe('2025-12');
    expect(shiftMonth('2026-11', -12)).toBe('2025-11');
    expect(shiftMonth('2026-12', 1)).toBe('2027-01');
    // A change of the clocks between them.
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
    expect(asDate('2026-11').toISOString()).toBe('2026-11-01T12:00:00.000Z');
  });
});

describe('sums', () => {
  it('are exact, and say when they are not whole', () => {
    const cost = addCosts([sums('0.1'), sums('0.2'), sums('0.0000000001')]);
    expect(cost.usd).toBe('0.3000000001');
    expect(cost.at_least).toBe(false);
    const more = addCosts([sums('0.1', { estimated_usd: '0.1' }), sums(null)]);
    expect(more).toEqual({ usd: '0.1', estimated: true, at_least: true });
    expect(addCosts([sums(null)]).usd).toBeNull();
  });
});

describe('the outlook', () => {
  const spent = (usd: string, more = {}) =>
    reportOf({ '2026-11-20': [model('m', usd, { calls: 20 })] }, more);

  it('is the one of cost.md', () => {
    const look = outlook(spent('1.84'), '2026-11-22', 20);
    expect(look?.projected.toFixed(2)).toBe('2.51');
    expect(look?.ratio?.toFixed(1)).toBe('8.0');
    expect(look).toMatchObject({ over: false, dearer: false });
  });

  it('turns round when the month is dearer', () => {
    const look = outlook(spent('44'), '2026-11-22', 20);
    expect(look?.dearer).toBe(true);
    expect(look?.ratio).toBeCloseTo(3);
  });

  it('counts only the days since the first call', () => {
    const look = outlook(spent('1', { since: '2026-11-18' }), '2026-11-22', 20);
    expect(look?.projected).toBeCloseTo(1 + (1 / 5) * 8);
  });

  it('says nothing under three days, and nothing of nothing', () => {
    const late = { since: '2026-11-21' };
    expect(outlook(spent('1', late), '2026-11-22', 20)).toBeNull();
    expect(outlook(spent('1', late), '2026-11-23', 20)).not.toBeNull();
    expect(outlook(spent('1'), '2026-11-02', 20)).toBeNull();
    expect(outlook(reportOf({}), '2026-11-22', 20)).toBeNull();
    expect(
      outlook(reportOf({ '2026-11-02': [model('m', null)] }), '2026-11-22', 20)
    ).toBeNull();
  });

  it('compares nothing when more than 5 % of the calls have no price', () => {
    const report = (calls: number) =>
      reportOf({
        '2026-11-20': [
          model('m', '1', { calls: 100 - calls }),
          model('x', null, { calls })
        ]
      });
    expect(outlook(report(5), '2026-11-22', 20)?.ratio).not.toBeNull();
    expect(outlook(report(6), '2026-11-22', 20)?.ratio).toBeNull();
    expect(outlook(report(1), '2026-11-22', 0)?.ratio).toBeNull();
  });

  it('of a month that is over is its total', () => {
    const look = outlook(spent('2'), '2027-01-03', 20);
    expect(look).toMatchObject({ projected: 2, over: true, ratio: 10 });
  });

  it('has a share for each day', () => {
    expect(dailyShare('2026-11', 30)).toBe(1);
  });
});
