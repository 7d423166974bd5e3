import type { PlantedBug } from './planted-bug.ts';

const repository = 'services/product/src/reservations/reservation.repository.ts';

export const checkThenActStock: PlantedBug = {
  id: 'check-then-act-stock',
  title: 'Units are looked at in one statement and taken in the next, and no constraint keeps them from going below zero.',
  seenIn: 'Vendure, Medusa, Magento, Saleor, eShop',
  replacements: [
    {
      file: repository,
      old: `
      const rows = await db.query<{ found: RecordedStatus | null; product_id: string | null; available: number | null }>(sql\``,
      new: `
      const shelf = await db.query<{ product_id: string; on_hand: number }>(sql\`
        select s.product_id, s.on_hand from stock s where s.product_id = any (\${lines.map((line) => line.productId)}::uuid[])
      \`);
      const missing = lines
        .map(({ productId, quantity }) => ({
          product_id: productId,
          quantity,
          available: shelf.find((row) => row.product_id === productId)?.on_hand ?? 0,
        }))
        .filter(({ quantity, available }) => available < quantity);
      const rows = await db.query<{ found: RecordedStatus | null; product_id: string | null; available: number | null }>(sql\``,
    },
    {
      file: repository,
      old: `
          select w.product_id, coalesce(l.on_hand, 0) as available
            from wanted w
            left join locked l on l.product_id = w.product_id
           where coalesce(l.on_hand, 0) < w.quantity
`,
      new: `
          select m.product_id, m.available
            from jsonb_to_recordset(\${JSON.stringify(missing)}) as m (product_id uuid, available int)
`,
    },
    {
      file: 'services/product/migrations/0002_stock.sql',
      old: `
  constraint stock_on_hand_not_negative check (on_hand >= 0),`,
      new: '',
    },
  ],
  experiments: ['last-piece'],
  rules: ['no-oversell'],
};
