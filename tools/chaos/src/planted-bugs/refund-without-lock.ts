import type { PlantedBug } from './planted-bug.ts';

const repository = 'services/payment/src/refunds/refund.repository.ts';

export const refundWithoutLock: PlantedBug = {
  id: 'refund-without-lock',
  title: 'How much may still be refunded is looked at first and written down later, with no lock between and no constraint.',
  seenIn: 'hyperswitch #13182',
  replacements: [
    {
      file: repository,
      old: `from payments where order_id = \${orderId} for update`,
      new: `from payments where order_id = \${orderId}`,
    },
    {
      file: repository,
      old: `
    const reserved = await tx.execute(sql\``,
      new: `
    const [payment] = await tx.query<{ left: string }>(sql\`
      select charged_minor - refunded_minor - refunding_minor as left
        from payments
       where order_id = \${order.orderId} and currency = \${currency} and status = 'succeeded'
    \`);
    if (payment === undefined || Number(payment.left) < amount) return false;
    const reserved = await tx.execute(sql\``,
    },
    {
      file: repository,
      old: `
         and refunded_minor + refunding_minor + \${amount}::int8 <= charged_minor`,
      new: '',
    },
    {
      file: 'services/payment/migrations/0001_payments.sql',
      old: `
  constraint payments_refunded_at_most_charged check (refunded_minor + refunding_minor <= charged_minor),`,
      new: '',
    },
  ],
  experiments: ['refund-race'],
  rules: ['no-orphan-money'],
};
