import { Module } from '@nestjs/common';
import { ProductModule } from '../products/product.module.ts';
import { PictureController } from './picture.controller.ts';

@Module({ imports: [ProductModule], controllers: [PictureController] })
export class PictureModule {}
