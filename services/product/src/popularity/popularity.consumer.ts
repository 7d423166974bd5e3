import { orderCancelled, orderConfirmed } from '@emporium/contracts/order';
import { on } from '@emporium/events';
import { Injectable } from '@nestjs/common';
import { PopularityService } from './popularity.service.ts';

@Injectable()
export class PopularityConsumer {
  readonly group = 'product';

  readonly handlers = [
    on(
      orderConfirmed,
      (tx, { items }) => this.popularity.sold(tx, items),
      (tx, sales) =>
        this.popularity.sold(
          tx,
          sales.flatMap(({ items }) => items),
        ),
    ),
    on(
      orderCancelled,
      (tx, { items }) => this.popularity.takenBack(tx, items),
      (tx, cancellations) =>
        this.popularity.takenBack(
          tx,
          cancellations.flatMap(({ items }) => items),
        ),
    ),
  ];

  constructor(private readonly popularity: PopularityService) {}
}
