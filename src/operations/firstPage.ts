import type { Page } from '../store/deliveryStore';

/** What an operator's list shows when no page is asked for. */
export const FIRST_PAGE: Page = { limit: 100 };
