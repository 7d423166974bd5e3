import { AppError } from '@emporium/errors';
import type { ReservationLine, ReservationStatus, Shortage } from './reservation.ts';

export const outOfStock = (lines: readonly ReservationLine[], shortages: readonly Shortage[]) =>
  new AppError('conflict', 'out-of-stock', 'Not all of the wanted units are in stock.', {
    errors: shortages.map(({ productId, available }) => ({
      field: `items.${lines.find((line) => line.productId === productId)?.position ?? 0}.quantity`,
      message: available > 0 ? `only ${available} left` : 'out of stock',
    })),
  });

/** The answer an order was given before; what was missing then is not on record. */
export const stillOutOfStock = () =>
  new AppError('conflict', 'out-of-stock', 'Not all of the units that this order wants were in stock.');

/** The reservation has gone another way. The code tells which: reservation-released, -committed, -returned or -reserved. */
export const reservationIs = (orderId: string, status: ReservationStatus) =>
  new AppError('conflict', `reservation-${status}`, `The reservation of order ${orderId} is ${status}.`);

export const reservationUnknown = (orderId: string) =>
  new AppError(
    'conflict',
    'reservation-unknown',
    `Nothing is on record for order ${orderId}: nothing was ever reserved, or it was over long ago.`,
  );

export const reservationDiffers = (orderId: string) =>
  new AppError('conflict', 'reservation-differs', `Other units are reserved for order ${orderId} than are asked for now.`);

export const reservationContended = (orderId: string) =>
  new AppError('unavailable', 'reservation-contended', `The reservation of order ${orderId} is being changed by others.`, {
    retryAfterSeconds: 1,
  });
