const { WebexConnectAdapter } = require('botbuilder-adapter-webex-connect');
const { incomingMessage, mockWebexConnect } = require('botbuilder-adapter-webex-connect/testing');

async function main() {
  const webexConnect = mockWebexConnect();
  const adapter = new WebexConnectAdapter({ webhookUrl: webexConnect.webhookUrl });
  await webexConnect.send(adapter, incomingMessage('hi'), (context) => context.sendActivity('hello'));
  await webexConnect.waitForReplies(1);
  await adapter.stop();
  webexConnect.restore();
  console.log(webexConnect.texts.join());
}

main();
