import { strict as assert } from 'node:assert';
import type { AgentConversationView } from '../../src/world';
import { expectCall, useBrowser } from './support/browser';
import { aCustomer, aMessage, anAgentConversation, aWorld, START } from './support/worlds';

const bob = aCustomer('Bob', { holder: 'contactCentre' });

function worldWith(...desk: AgentConversationView[]) {
  return aWorld({ customers: [bob], desk });
}

describe('page: the agent’s desk', () => {
  const open = useBrowser();

  it('goes with a conversation from the queue to its end', async () => {
    const opened = await open(worldWith(anAgentConversation(bob)));
    const { page, emulator } = opened;
    const desk = page.getByRole('region', { name: 'Agent’s desk' });
    await desk.getByText('waits 1 min 05 s').waitFor();

    await desk.getByLabel('You are the agent').fill('Ava');
    await desk.getByRole('button', { name: 'Pick up Bob' }).click();
    await expectCall(opened, 'POST', '/api/desk/AGENT-bob/pick-up', { agent: 'Ava' });

    const picked = anAgentConversation(bob, { status: 'open', agent: 'Ava' });
    emulator.show(worldWith(picked));
    await desk.getByText('served by Ava').waitFor();
    await desk.getByLabel('Answer to Bob').fill('Hello Bob');
    await desk.getByRole('button', { name: 'Answer' }).click();
    await expectCall(opened, 'POST', '/api/desk/AGENT-bob/say', { text: 'Hello Bob' });

    emulator.show(worldWith({ ...picked, chat: [aMessage('1', 'Hello Bob', { author: 'agent' })] }));
    await desk.getByRole('log', { name: 'Agent’s chat with Bob' }).getByText('Hello Bob').waitFor();
    await desk.getByText('Transfer').first().click();
    await desk.getByLabel('To the agent').fill('Ben');
    await desk.getByRole('button', { name: 'Transfer' }).click();
    await expectCall(opened, 'POST', '/api/desk/AGENT-bob/transfer', { agent: 'Ben' });

    await desk.getByRole('button', { name: 'Close the conversation with Bob' }).click();
    await expectCall(opened, 'POST', '/api/desk/AGENT-bob/close');

    emulator.show(worldWith({ ...picked, status: 'closed' }));
    await desk.getByText('Closed').waitFor();
    assert.equal(await desk.getByRole('button', { name: 'Answer' }).count(), 0);
  });

  it('shows the context and the summary that came with the handover, number by number', async () => {
    const { page } = await open(worldWith(anAgentConversation(bob, { status: 'open', agent: 'Ava' })));
    const context = page.locator('.context');
    assert.equal(
      await context.getByRole('region', { name: 'customparam1 as JSON' }).innerText(),
      '{\n  "skill": "billing",\n  "order": {\n    "number": 90071992547409931\n  }\n}',
    );
    assert.equal(
      await context.locator('.summary-text').innerText(),
      'customer: Where is my order?\nbot: One moment please.',
    );
  });

  it('counts the waiting time by the emulator’s clock', async () => {
    const { page, emulator } = await open(worldWith(anAgentConversation(bob)));
    await page.getByText('waits 1 min 05 s').waitFor();
    emulator.show({
      ...worldWith(anAgentConversation(bob)),
      clock: { now: START + 3_600_000, isPaused: true, nextRetryAt: undefined },
    });
    await page.getByText('waits 1 h 01 min').waitFor();
  });

  it('remembers who the agent is', async () => {
    const { page } = await open(worldWith());
    await page.getByLabel('You are the agent').fill('Grace');
    await page.reload();
    await page.getByLabel('You are the agent').waitFor();
    assert.equal(await page.getByLabel('You are the agent').inputValue(), 'Grace');
  });
});
