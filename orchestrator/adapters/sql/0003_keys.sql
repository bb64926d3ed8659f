-- SPDX-License-Identifier: Apache-2.0
-- Names besides the id under which a workflow is found ("channel:C1"); the newest one to claim a key has it.
CREATE TABLE slipway.workflow_key (
    key text COLLATE "C" PRIMARY KEY,
    workflow text COLLATE "C" NOT NULL
);
CREATE INDEX workflow_key_workflow ON slipway.workflow_key (workflow);
