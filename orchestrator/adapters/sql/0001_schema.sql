-- SPDX-License-Identifier: Apache-2.0
-- Durable memory of the orchestrator. One process writes: the holder of the lease. Times named _ms are milliseconds
-- since 1970, written by that process; 0 means "not yet". No foreign keys: one writer keeps the order, and retention
-- deletes without cascades. fillfactor leaves room for updates within the page; no index covers a column that changes
-- with every step, so those updates touch no index.

-- The fence. Changed only by takeover, under FOR UPDATE; every commit holds it FOR KEY SHARE.
CREATE TABLE slipway.lease (
    id smallint PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL,
    holder text NOT NULL,
    state_dir text NOT NULL,
    boot text NOT NULL,
    lock_name text NOT NULL,
    ttl_ms bigint NOT NULL,
    taken_at timestamptz NOT NULL
);
INSERT INTO slipway.lease VALUES (1, 0, '', '', '', '', 0, to_timestamp(0));

-- A row of its own, so that beats never wait behind commits. Epoch 0: given up.
CREATE TABLE slipway.beat (
    id smallint PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO slipway.beat VALUES (1, 0, to_timestamp(0));

CREATE TABLE slipway.cursor (
    id smallint PRIMARY KEY CHECK (id = 1),
    cluster_id text NOT NULL,
    next_offset bigint NOT NULL,
    last_hash text NOT NULL,
    tries integer NOT NULL,          -- takeovers that found the cursor where the one before had found it
    takeover_offset bigint NOT NULL  -- where the last takeover found it; -1 after an orderly end
) WITH (fillfactor = 50);
INSERT INTO slipway.cursor VALUES (1, '', 0, '', 0, -1);

CREATE TABLE slipway.published (
    id smallint PRIMARY KEY CHECK (id = 1),
    outbox_id bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO slipway.published VALUES (1, 0);

CREATE TABLE slipway.inbox (
    command text COLLATE "C" PRIMARY KEY CHECK (command <> '' AND length(command) <= 128),
    hash text NOT NULL,
    log_offset bigint NOT NULL,
    workflow text NOT NULL,
    name text NOT NULL,
    actor text NOT NULL,
    disposition text NOT NULL,
    reason text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received ON slipway.inbox (received_at);

CREATE TABLE slipway.dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log_offset bigint NOT NULL,
    value bytea NOT NULL,
    headers bytea,
    reason text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE slipway.definition (
    hash text COLLATE "C" PRIMARY KEY,
    body jsonb NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE slipway.workflow (
    id text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL,
    active boolean NOT NULL,
    final boolean NOT NULL,
    lane text,
    number bigint NOT NULL,
    n bigint NOT NULL,
    definition text NOT NULL,
    facts jsonb NOT NULL,
    service text GENERATED ALWAYS AS (facts ->> 'service') STORED,
    step_count integer NOT NULL,
    created_ms bigint NOT NULL,
    started_ms bigint NOT NULL,
    finished_ms bigint NOT NULL,
    CHECK (NOT (active AND final))
) WITH (fillfactor = 70);
-- One at a time: two workflows can never be active in one lane, whatever the program believes.
CREATE UNIQUE INDEX workflow_lane ON slipway.workflow (lane) WHERE active;
CREATE INDEX workflow_open ON slipway.workflow (number) WHERE NOT final;
CREATE INDEX workflow_number ON slipway.workflow (number DESC);
CREATE INDEX workflow_history ON slipway.workflow (kind, service, number DESC) WHERE final;
CREATE INDEX workflow_finished ON slipway.workflow (finished_ms) WHERE final;

CREATE TABLE slipway.step (
    workflow text COLLATE "C" NOT NULL,
    idx integer NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL,
    tries integer NOT NULL,
    probing boolean NOT NULL,
    started_ms bigint NOT NULL,
    finished_ms bigint NOT NULL,
    retry_at_ms bigint NOT NULL,
    exit_code integer,
    status text NOT NULL,
    error text NOT NULL,
    tail text,
    epoch bigint NOT NULL,
    state_dir text NOT NULL,
    boot text NOT NULL,
    PRIMARY KEY (workflow, idx)
) WITH (fillfactor = 70);

-- Every attempt that has ended.
CREATE TABLE slipway.attempt (
    workflow text COLLATE "C" NOT NULL,
    idx integer NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    probing boolean NOT NULL,
    started_ms bigint NOT NULL,
    finished_ms bigint NOT NULL,
    exit_code integer,
    error text NOT NULL,
    epoch bigint NOT NULL,
    PRIMARY KEY (workflow, idx, attempt)
);

CREATE TABLE slipway.timer (
    workflow text COLLATE "C" NOT NULL,
    name text NOT NULL,
    due_ms bigint NOT NULL,
    PRIMARY KEY (workflow, name)
);

-- Append-only; ids without gaps, assigned by the writer. What is published is said by slipway.published.
CREATE TABLE slipway.outbox (
    id bigint PRIMARY KEY,
    topic text NOT NULL,
    key text NOT NULL,
    envelope jsonb NOT NULL,
    body text NOT NULL,
    at_ms bigint NOT NULL
);

-- Locks the lease's row until the transaction ends, and refuses every epoch but the present one. An error, not an
-- empty result, because only an error aborts the rest of the pipeline.
CREATE FUNCTION slipway.fence(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present bigint;
BEGIN
    SELECT epoch INTO present FROM slipway.lease WHERE id = 1 FOR KEY SHARE;
    IF present IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'the lease is at epoch %, this process holds epoch %', present, wanted USING ERRCODE = 'SWF01';
    END IF;
END
$$;

-- The beginning of every commit: the fence, then both cursors. before_offset NULL: the log's cursor stays where it is.
CREATE FUNCTION slipway.advance(wanted bigint, before_cluster text, before_offset bigint, new_cluster text,
                                new_offset bigint, new_hash text, new_published bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM slipway.fence(wanted);
    IF before_offset IS NOT NULL THEN
        UPDATE slipway.cursor SET cluster_id = new_cluster, next_offset = new_offset, last_hash = new_hash
         WHERE id = 1 AND cluster_id = before_cluster AND next_offset = before_offset;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the cursor is not at offset % of "%"', before_offset, before_cluster
                USING ERRCODE = 'SWC01';
        END IF;
    END IF;
    IF new_published > 0 THEN
        UPDATE slipway.published SET outbox_id = new_published WHERE id = 1 AND outbox_id < new_published;
    END IF;
END
$$;
