// SPDX-License-Identifier: Apache-2.0
// An app on Slack's Socket Mode client for Node: node simulator_socket.js URL. It tells what it hears, a line of JSON each,
// and acknowledges as the texts say; ends when its standard input does.
'use strict';
const { SocketModeClient } = require('@slack/socket-mode');

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
// The connection may be gone by now: then Slack gives it to another.
const acknowledge = (ack, answer) => ack(answer).catch((error) => tell({ type: 'unacknowledged', error: error.message }));
const client = new SocketModeClient({ appToken: 'xapp-1-node', clientOptions: { slackApiUrl: `${process.argv[2]}/api/` } });
client.on('connected', () => tell({ type: 'connected' }));
client.on('slash_commands', async ({ ack, body, retry_num: retry }) => {
  tell({ type: 'slash_commands', text: body.text, trigger: body.trigger_id, retry: retry || 0 });
  if (!body.text.startsWith('silent')) await acknowledge(ack, { text: `node heard ${body.text}` });
});
client.on('interactive', async ({ ack, body }) => {
  tell({ type: 'interactive', kind: body.type });
  await acknowledge(ack, body.type === 'view_submission' ? { response_action: 'errors', errors: { title: 'node says no' } } : undefined);
});
client.on('slack_event', async ({ ack, type, body, retry_num: retry }) => {
  if (type !== 'events_api') return;
  tell({ type, event: body.event.type, id: body.event_id, retry: retry || 0 });
  await acknowledge(ack);
});
process.stdin.resume().on('end', async () => {
  await client.disconnect();
  process.exit(0);
});
client.start().catch((error) => { console.error(error); process.exit(1); });
