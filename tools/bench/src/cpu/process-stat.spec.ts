import { describe, expect, it } from 'vitest';
import { parseStat, ticksOfTree } from './process-stat.ts';

/** As the kernel writes it: user 100, system 20, and 3 and 4 of children that have ended. */
const line = (pid: number, parent: number, name = 'node') =>
  `${pid} (${name}) S ${parent} 40 40 0 -1 4194560 900 0 0 0 100 20 3 4 20 0 11 0 12345 1000000 500 18446744073709551615 1 1 0\n`;

describe('a line of /proc/<pid>/stat', () => {
  it('says how long a process and its ended children ran', () => {
    expect(parseStat(line(41, 40))).toEqual({ pid: 41, parent: 40, ticks: 127 });
  });

  it('may have any name', () => {
    expect(parseStat(line(41, 40, 'a) R 1 (b c'))).toEqual({ pid: 41, parent: 40, ticks: 127 });
  });

  it.each(['', '41', '41 (node) S 40'])('is refused when it is %j', (text) => {
    expect(() => parseStat(text)).toThrow('no line of /proc');
  });
});

describe('the ticks of a tree', () => {
  const stats = [
    { pid: 1, parent: 0, ticks: 1_000 },
    { pid: 10, parent: 1, ticks: 5 },
    { pid: 11, parent: 10, ticks: 7 },
    { pid: 12, parent: 10, ticks: 11 },
    { pid: 13, parent: 12, ticks: 13 },
    { pid: 20, parent: 1, ticks: 100 },
  ];

  it('are those of a process and of all below it', () => {
    expect(ticksOfTree(stats, 10)).toBe(36);
    expect(ticksOfTree(stats, 20)).toBe(100);
  });

  it('are not to be had of a process that has ended', () => {
    expect(() => ticksOfTree(stats, 99)).toThrow('Process 99 does not run');
  });
});
