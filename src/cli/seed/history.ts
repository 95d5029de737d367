import { orders } from '../../order/index.ts';
import { createAgenda } from './agenda.ts';
import { createBuying } from './buying.ts';
import { drawPrice, nameOf } from './goods.ts';
import type { HistoryRows } from './history-rows.ts';
import type { Plan } from './plan.ts';
import { createIds, createRandom, createZipf } from './random.ts';
import { createArrivals } from './rhythm.ts';
import { createSimulation } from './simulation.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** The shop creates its products in the first hour and then opens. */
const SETUP_MS = 60 * MINUTE_MS;
/** The time between a buyer's visit, with a charge if needed, and the order. */
const HESITATION_MS = { min: 20_000, max: 2 * MINUTE_MS };
/** The share of users at the opening; the others join later. */
const FIRST_USERS = 0.3;
/** Above 1, some users buy more often: the first tenth of users makes a seventh of all orders. */
const LOYALTY = 1.2;
/** The pending orders of the last minutes: one in `oneIn` orders, at most `max`. */
const PENDING = { max: 20, oneIn: 100 };

/**
 * Makes the history of a shop: writes rows and events to `rows`, in order of time, and yields the
 * number of orders after each visit. Deterministic for a seed.
 */
export function* tellHistory(plan: Plan, rows: HistoryRows): Generator<number> {
  const random = createRandom(plan.seed);
  const simulation = createSimulation(rows, plan.settings, createIds(random));
  const agenda = createAgenda();
  const until = plan.until.getTime();
  const begin = until - plan.days * DAY_MS;
  const opening = begin + SETUP_MS;

  const popularity = createZipf(plan.products, random);
  const buying = createBuying({
    plan,
    random,
    simulation,
    agenda,
    popularity,
    settle: (orderId) => rows.settle(orders, orderId),
  });
  for (let index = 0; index < plan.products; index++) {
    const time = begin + Math.floor((index / plan.products) * SETUP_MS);
    buying.offer({ name: nameOf(index), price: drawPrice(random) }, new Date(time));
  }

  let users = 0;
  const nameUser = (index: number): string => `customer-${index + 1}`;
  const join = (share: number, time: Date): void => {
    const wanted = Math.ceil(plan.users * (FIRST_USERS + (1 - FIRST_USERS) * share));
    while (users < wanted) simulation.open(nameUser(users++), time);
  };
  const drawUser = (): string => nameUser(Math.floor(users * random.next() ** LOYALTY));

  join(0, new Date(opening));
  const late = Math.min(PENDING.max, Math.ceil(plan.orders / PENDING.oneIn));
  for (let n = 0; n < late; n++) {
    const time = until - Math.floor((random.next() * plan.settings.reservationMs) / 2);
    agenda.add(time, (now) => buying.order(buying.drawRequest(drawUser()), 'pending', now));
  }
  const visits = plan.orders - late;
  const arrivals = createArrivals(opening, until - HESITATION_MS.max, visits, random);
  for (let n = 1; n <= visits; n++) {
    const time = arrivals();
    agenda.runUntil(time);
    const now = new Date(time);
    join(n / visits, now);
    const request = buying.drawRequest(drawUser());
    buying.charge(request, now);
    const fate = buying.drawFate();
    const hesitation = random.between(HESITATION_MS.min, HESITATION_MS.max);
    agenda.add(time + hesitation, (later) => buying.order(request, fate, later));
    yield n;
  }
  agenda.runUntil(until);
  join(1, plan.until);
}
