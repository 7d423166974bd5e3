export { add, compare, equals, isNegative, isZero, type Money, money, negate, subtract, sum, times, zero } from './money.ts';
