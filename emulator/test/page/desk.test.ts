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
    await page.locator(':focus').and(desk.getByLabel('Answer to Bob')).waitFor();
    await page.keyboard.type('Hello Bob');
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
    await page.locator('h2:focus').getByText('Agent’s desk').waitFor();

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

  it('opens what came with the handover until the agent has answered, and then as the agent likes', async () => {
    const picked = anAgentConversation(bob, { status: 'open', agent: 'Ava' });
    const { page, emulator } = await open(worldWith(picked));
    const params = page.getByRole('group', { name: 'Custom parameters of the handover' });
    await params.waitFor();
    const first = aMessage('1', 'Hello', { author: 'agent', agent: 'Ava' });
    emulator.show(worldWith({ ...picked, chat: [first] }));
    await params.waitFor({ state: 'hidden' });
    await page.getByText('What came with the handover').click();
    await params.waitFor();
    const second = aMessage('2', 'Still there?', { author: 'agent', agent: 'Ava' });
    emulator.show(worldWith({ ...picked, chat: [first, second] }));
    await page.getByText('Still there?').waitFor();
    assert.equal(await params.isVisible(), true);
  });

  it('names the agent who has said it, after a transfer too', async () => {
    const chat = [
      aMessage('1', 'One moment.', { author: 'agent', agent: 'Ava' }),
      aMessage('2', 'Hello, Ben here.', { author: 'agent', agent: 'Ben' }),
    ];
    const { page } = await open(worldWith(anAgentConversation(bob, { status: 'open', agent: 'Ben', chat })));
    const log = page.getByRole('log', { name: 'Agent’s chat with Bob' });
    assert.deepEqual(await log.locator('.author').allInnerTexts(), ['Ava', 'Ben']);
  });

  it('gives up the focus of a conversation that somebody else has picked up', async () => {
    const { page, emulator } = await open(worldWith(anAgentConversation(bob)));
    emulator.answer('POST /api/desk/AGENT-bob/pick-up', 409, { error: 'Ben has it already.' });
    await page.getByRole('button', { name: 'Pick up Bob' }).click();
    await page.getByText('Ben has it already.').waitFor();
    emulator.show(worldWith(anAgentConversation(bob, { status: 'open', agent: 'Ben' })));
    await page.getByText('served by Ben').waitFor();
    assert.equal(await page.locator(':focus').and(page.getByLabel('Answer to Bob')).count(), 0);
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
