import { id } from '@emporium/contracts';
import { type Answer, Problems, Public } from '@emporium/service-defaults';
import { Controller, Get, Headers, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { ageOf, conditional, freshCatalog } from '../http/conditional.ts';
import { ProductService } from '../products/product.service.ts';
import { drawPicture, pictureTag } from './picture.ts';

/** A day, and a week more while a new one is fetched: the address of a picture changes with the picture. */
const keepForLong = { 'cache-control': 'public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800' };

const headers = {
  'content-type': 'image/svg+xml; charset=utf-8',
  // Opened by itself an SVG is a page: it may run and load nothing.
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

@Controller('v1/products/:id/image.svg')
@Public()
export class PictureController {
  constructor(private readonly products: ProductService) {}

  @Get()
  @ApiOkResponse({ description: 'The picture.', content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @Problems(404)
  async draw(
    @Param('id', { schema: id }) productId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer<string | undefined>> {
    const found = await this.products.read(productId);
    const product = found.value;
    // The picture of an old copy may be that of the name before, under the address of the new one: nobody keeps it.
    const caching = found.staleForMs === undefined ? keepForLong : { ...freshCatalog, ...ageOf(found) };
    return conditional(ifNoneMatch, `"${pictureTag(product)}"`, () => drawPicture(product), { ...caching, ...headers });
  }
}
