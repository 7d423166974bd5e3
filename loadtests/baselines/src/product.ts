/** A product as the shop answers it: about 1 kB of JSON. */
export const product = {
  id: '0b8f3f52-7c8e-4a94-9d0a-6a4f2f6a1c11',
  sku: 'KITCHEN-0042',
  name: 'Kettle with a long spout',
  description: 'A kettle of brushed steel that pours where it is told to. '.repeat(10).trim(),
  category: 'kitchen',
  price: { amount: 3_499, currency: 'EUR' },
  available: 120,
  imageUrl: '/v1/products/0b8f3f52-7c8e-4a94-9d0a-6a4f2f6a1c11/image.svg',
  createdAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:05.000Z',
  version: 1,
};
