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

const refused = (call, error) => assert.rejects(call, (caught) => caught.data.error === error);

// A channel from its first day to its last.
async function channels(client) {
  const { channel } = await client.conversations.create({ name: 'inc-node', is_private: false });
  const id = channel.id;
  await refused(client.conversations.create({ name: 'inc-node' }), 'name_taken');
  await refused(client.conversations.create({ name: 'No Good' }), 'invalid_name_specials');
  await client.conversations.invite({ channel: id, users: 'U0ALICE0001,U0BOB000001' });
  await refused(client.conversations.invite({ channel: id, users: 'U0BOB000001' }), 'already_in_channel');
  assert.equal((await client.conversations.members({ channel: id })).members.length, 3);
  assert.equal((await client.conversations.setTopic({ channel: id, topic: 'P1 & é' })).channel.topic.value, 'P1 & é');
  await client.conversations.setPurpose({ channel: id, purpose: 'i-1' });
  const listed = (await client.conversations.list({ exclude_archived: true, types: 'public_channel', limit: 100 })).channels;
  assert.equal(listed.find((one) => one.id === id).purpose.value, 'i-1');
  await refused(client.chat.postMessage({ channel: 'C0RANDOM001', text: 'x' }), 'not_in_channel');
  await client.conversations.join({ channel: 'C0RANDOM001' });
  const { ts } = await client.chat.postMessage({ channel: id, text: 'parent' });
  await client.chat.postMessage({ channel: id, text: 'reply', thread_ts: ts });
  assert.deepEqual((await client.conversations.replies({ channel: id, ts })).messages.map((m) => m.text), ['parent', 'reply']);
  await client.pins.add({ channel: id, timestamp: ts });
  await refused(client.pins.add({ channel: id, timestamp: ts }), 'already_pinned');
  assert.equal((await client.pins.list({ channel: id })).items[0].message.ts, ts);
  await client.reactions.add({ channel: id, timestamp: ts, name: 'ok_hand' });
  await refused(client.reactions.add({ channel: id, timestamp: ts, name: 'ok_hand' }), 'already_reacted');
  await client.chat.postEphemeral({ channel: id, user: 'U0ALICE0001', text: 'psst' });
  await refused(client.chat.postEphemeral({ channel: id, user: 'U0CAROL0001', text: 'psst' }), 'user_not_in_channel');
  assert.match((await client.chat.getPermalink({ channel: id, message_ts: ts })).permalink, /\/archives\/C\w+\/p\d{16}$/);
  assert.equal((await client.users.lookupByEmail({ email: 'bob@example.com' })).user.id, 'U0BOB000001');
  assert.equal((await client.users.info({ user: 'U0BOB000001' })).user.tz, 'Europe/Berlin');
  await client.chat.delete({ channel: id, ts });
  await client.conversations.archive({ channel: id });
  await refused(client.conversations.setTopic({ channel: id, topic: 'x' }), 'is_archived');
  await client.conversations.unarchive({ channel: id });
}

async function views(client) {
  const typed = await fetch(`${url}/sandbox/v1/commands`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ command: '/incident' }) });
  const { trigger_id } = await typed.json();
  const plain = (text) => ({ type: 'plain_text', text });
  const view = { type: 'modal', title: plain('Declare'), submit: plain('Go'), blocks: [{ type: 'input', label: plain('Title'), element: { type: 'plain_text_input' } }] };
  const opened = (await client.views.open({ trigger_id, view })).view;
  await refused(client.views.open({ trigger_id, view }), 'exchanged_trigger_id');
  await client.views.update({ view_id: opened.id, hash: opened.hash, view: { ...view, title: plain('Again') } });
  await refused(client.views.update({ view_id: opened.id, hash: opened.hash, view }), 'hash_conflict');
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
  await channels(client);
  await views(client);
  console.log('node sdk: ok');
}

main().catch((error) => { console.error(error); process.exit(1); });
