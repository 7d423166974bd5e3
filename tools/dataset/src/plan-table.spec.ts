import { describe, expect, it } from 'vitest';
import { planTable, type ReportedPlan } from './plan-table.ts';

const plan: ReportedPlan = {
  test: 'the statements > with force_custom_plan > find an order without reading a whole table',
  mode: 'force_custom_plan',
  statement: 'select 1',
  nodes: ['Limit', 'Index Scan orders_pkey', 'Function Scan jsonb_to_recordset'],
  expectedRows: 1,
  rows: 1,
  pages: 4,
  milliseconds: 0.034,
};

describe('the table of plans', () => {
  it('says what was touched and how much was read', () => {
    expect(planTable([plan]).split('\n')[1]).toMatch(/^find an order +index orders_pkey +no +1 +4 +0\.03$/);
  });

  it('tells index-only statements', () => {
    expect(planTable([{ ...plan, nodes: ['Aggregate', 'Index Only Scan stock_pkey'] }])).toMatch(/only stock_pkey +yes/);
    expect(planTable([{ ...plan, nodes: ['Result'] }])).toMatch(/no table +no/);
  });

  it('has a second row where the generic plan is another one, and none where it is the same', () => {
    const generic = { ...plan, mode: 'force_generic_plan' };

    expect(planTable([plan, generic]).split('\n')).toHaveLength(2);
    expect(planTable([plan, { ...generic, nodes: ['Seq Scan orders'] }]).split('\n')).toHaveLength(3);
  });

  it('shows a dash for what was not run', () => {
    expect(planTable([{ ...plan, rows: undefined, pages: undefined, milliseconds: undefined }])).toMatch(/– +– +–$/);
  });
});
