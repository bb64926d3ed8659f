-- SPDX-License-Identifier: Apache-2.0
-- The workflow that caused it, where its facts name one: what is joined by it need not open the facts of all others.
ALTER TABLE slipway.workflow ADD COLUMN cause text COLLATE "C" GENERATED ALWAYS AS (facts ->> 'cause') STORED;
CREATE INDEX workflow_cause ON slipway.workflow (cause) WHERE cause IS NOT NULL;
