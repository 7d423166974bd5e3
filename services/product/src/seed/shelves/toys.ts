import type { Shelf } from '../shelf.ts';

export const toys: Shelf = {
  slug: 'toys-games',
  name: 'Toys & Games',
  code: 'TOY',
  title: '{maker} {good}, {variant}',
  makers: ['Little Fox', 'Holzwerk', 'Puzzlewood', 'Marble & Co.', 'Kinderhaus', 'Bright Sparks', 'Paper Moon', 'Tin Robot'],
  variants: [
    ['Classic', 'The classic that grandparents remember.'],
    ['Travel Edition', 'Packs small for trains and holidays.'],
    ['Deluxe', 'With extra pieces in a wooden box.'],
    ['First Steps', 'With large parts and simple rules for the youngest.'],
    ['Family Edition', 'For two to six players of all ages.'],
    ['Glow Edition', 'Glows softly in the dark.'],
  ],
  goods: [
    ['Wooden Train Set', 2900, 8900, 'Forty pieces of beech that fit the other big systems.'],
    ['Building Blocks', 1900, 5900, 'Smooth blocks in eight colours, safe to chew.'],
    ['Jigsaw Puzzle 1,000 Pieces', 1490, 2900, 'Linen-finish pieces that click and stay.'],
    ['Strategy Board Game', 2900, 5900, 'Trade, build and outwit; a game takes an hour.'],
    ['Marble Run', 2900, 7900, 'Loops, lifts and a bell at the end.'],
    ['Plush Bear', 1490, 4900, 'Soft, washable and a patient listener.'],
    ['Science Kit', 2400, 5900, 'Twenty experiments that work, and why.'],
    ['Card Game', 890, 1990, 'Rules in two minutes, laughter for years.'],
    ['Kite', 1490, 4900, 'Flies in the lightest wind.'],
    ['Doll’s House', 5900, 14900, 'Three floors, eleven windows and working doors.'],
    ['Watercolour Set', 1490, 3900, 'Twenty-four strong colours and two real brushes.'],
    ['Stacking Rings', 990, 2490, 'Seven rings for small hands and big plans.'],
    ['Robot Kit', 3900, 9900, 'Build it, then teach it to dance; no soldering.'],
    ['Wooden Kitchen', 7900, 17900, 'Knobs that click and an oven that never burns.'],
    ['Memory Game', 990, 2490, 'Thirty-six pairs of animals, drawn by hand.'],
  ],
  promises: [
    'Meets the European toy safety standard.',
    'No batteries needed.',
    'Made from certified wood and water-based paint.',
  ],
};
