import { type DeliveryStore, type DestinationHealth, HEALTHY } from '../store/deliveryStore';

/** The name that Webex Connect's webhook has among the places that messages go to. */
export const WEBHOOK_DESTINATION = 'webhook';

/** Takes a destination for healthy again, and makes everything that waits for it due at once. */
export async function reactivateInStore(
  store: Pick<DeliveryStore, 'updateHealth' | 'expedite'>,
  destination: string,
): Promise<DestinationHealth> {
  const health = await store.updateHealth(destination, () => HEALTHY);
  await store.expedite(destination);
  return health;
}
