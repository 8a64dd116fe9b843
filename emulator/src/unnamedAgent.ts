/** What the agent is called whom nobody names. */
export const UNNAMED_AGENT = 'Agent';
