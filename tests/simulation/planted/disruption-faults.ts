import type { PlantedFault } from './model.ts';

const races = 'tests/integration/disruption/races.test.ts';
const guards = 'tests/integration/guards/jobs.test.ts';

/** What keeps a job from missing a ticket, or from settling one twice. */
export const disruptionFaults: readonly PlantedFault[] = [
  {
    name: 'a job takes an order whose commit is under way for none',
    file: 'shared/disruption/settle-order.ts',
    code: "    if (!order) return rejected('under-way');",
    becomes: '    if (!order) return nothingToDo;',
    test: races,
  },
  {
    name: 'a worker stores a step of a job that another one has taken',
    file: 'shared/disruption/jobs-store.ts',
    code: "clause('#holder = :holder', { ':holder': holder }, { '#holder': 'holder' });",
    becomes:
      "clause('#holder = :holder OR attribute_exists(pk)', { ':holder': holder }, { '#holder': 'holder' });",
    test: races,
  },
  {
    name: 'T42: something has happened to the order since it was read',
    file: 'shared/orders/disrupted-store.ts',
    code: "'size(history) = :seen'",
    becomes: "'size(history) >= :seen'",
    test: guards,
  },
  {
    name: 'T42: a ticket that went back gets a waiver',
    file: 'shared/tickets/waiver-store.ts',
    code: "      '#state = :issued',\n",
    becomes: "      '#state = :issued OR attribute_exists(pk)',\n",
    test: guards,
  },
  {
    name: 'T43: a ticket is paid back although its passenger may be accepting an offer',
    file: 'shared/tickets/waiver-store.ts',
    code: "        'attribute_not_exists(openOffer) OR openOffer.validUntil <= :at',\n",
    becomes: '',
    test: guards,
  },
  {
    name: 'T43: a ticket is paid back while its passenger may still choose',
    file: 'shared/tickets/waiver-store.ts',
    code: "        'waiver.#until <= :at',\n",
    becomes: "        'waiver.#until <= :at OR attribute_exists(pk)',\n",
    test: guards,
  },
  {
    name: 'T15: a stop that was struck still gets tickets',
    file: 'shared/paying/no-travel.ts',
    code: "if (run?.state !== 'open' || isStopCancelled(order, run)) return 'run-closed';",
    becomes: "if (run?.state !== 'open' || !isStopCancelled) return 'run-closed';",
    test: 'tests/integration/disruption/stops-and-delays.test.ts',
  },
];
