import type { Clock } from '../../../clock';
import type { StoreView } from '../../../store/storeView';
import { askBot } from './askBot';
import type { CarryOutTerms, Outcome } from './operatorStore';

/** Asks for a sign of life of a bot that runs on the store. */
export async function pingBot(view: StoreView, clock: Clock, terms: CarryOutTerms): Promise<Outcome> {
  const isAttended = async () => (await view.users()).some(({ role }) => role === 'bot');
  if (!(await isAttended())) return { status: 'noBot' };
  const { outcomes } = await askBot(
    { requests: view.requests, clock, isAttended },
    [{ kind: 'ping' }],
    terms,
  );
  return outcomes[0] ?? { status: 'withdrawn' };
}
