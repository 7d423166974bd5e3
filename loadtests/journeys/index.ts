import type { JourneyName } from '../lib/mix.ts';
import { account } from './account.ts';
import { admin } from './admin.ts';
import { browse } from './browse.ts';
import { cart } from './cart.ts';
import { checkout } from './checkout.ts';
import type { Journey } from './journey.ts';
import { rush } from './rush.ts';
import { search } from './search.ts';
import { signIn } from './sign-in.ts';

export const journeys: Readonly<Record<JourneyName, Journey>> = { browse, search, cart, checkout, account, admin, signIn, rush };

export const requestsOf = (name: JourneyName): number => journeys[name].requests;
