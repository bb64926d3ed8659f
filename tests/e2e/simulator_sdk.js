// SPDX-License-Identifier: Apache-2.0
// Slack's SDK for Node against the simulator: node simulator_sdk.js URL. It sends forms where Python sends JSON.
'use strict';
const assert = require('node:assert');
const { WebClient } = require('@slack/web-api');

const GENERAL = 'C0GENERAL01';
const url = process.argv[2];

async function faults(fault) {
  const answer = await fetch(`${url}/sandbox/v1/faults`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fault) });
  assert.equal((await answer.json()).ok, true);
}

async function main() {
  const client = new WebClient('xoxb-node', { slackApiUrl: `${url}/api/`, retryConfig: { retries: 2, minTimeout: 50 } });
  assert.equal((await client.auth.test()).bot_id, 'B0SLIPWAY01');

  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi* é' } },
    { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Go' } }] }];
  const metadata = { event_type: 'deploy_status', event_payload: { delivery_id: 'd-1:2' } };
  const { ts } = await client.chat.postMessage({ channel: GENERAL, text: 'hi', blocks, metadata, unfurl_links: false });
  const { messages } = await client.conversations.history({ channel: GENERAL, oldest: ts, inclusive: true, include_all_metadata: true, limit: 15 });
  assert.deepEqual(messages[0].metadata, metadata);
  assert.equal(messages[0].blocks[0].text.text, '*hi* é');

  await client.chat.update({ channel: GENERAL, ts, text: 'bye', blocks: [] });
  assert.equal((await client.conversations.history({ channel: GENERAL })).messages[0].blocks, undefined);
  await assert.rejects(client.chat.postMessage({ channel: GENERAL, text: 'x', blocks: [{ type: 'gizmo' }] }),
    (error) => error.data.error === 'invalid_blocks' && /json-pointer:\/blocks\/0\/type/.test(error.data.response_metadata.messages[0]));
  await assert.rejects(client.chat.postMessage({ channel: 'C404', text: 'x' }), (error) => error.data.error === 'channel_not_found');

  await faults({ method: 'chat.postMessage', kind: 'rate_limit', retry_after: 1, count: 1 });
  const after = await client.chat.postMessage({ channel: GENERAL, text: 'after the limit' });
  assert.ok(after.ts > ts);
  const names = [];
  for await (const page of client.paginate('users.list', { limit: 100 })) names.push(...page.members.map((member) => member.name));
  assert.ok(names.includes('alice') && names.includes('gus'));
  console.log('node sdk: ok');
}

main().catch((error) => { console.error(error); process.exit(1); });
