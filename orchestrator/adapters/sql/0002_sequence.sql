-- SPDX-License-Identifier: Apache-2.0
-- What people call a workflow by: 1, 2, 3... of its kind, given at its creation. `number` is the order of entry of all.
ALTER TABLE slipway.workflow ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
UPDATE slipway.workflow w SET sequence = s.place
  FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY number) AS place FROM slipway.workflow) AS s
 WHERE w.id = s.id;
CREATE UNIQUE INDEX workflow_sequence ON slipway.workflow (kind, sequence) WHERE sequence > 0;
