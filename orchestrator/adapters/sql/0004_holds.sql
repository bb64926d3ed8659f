-- SPDX-License-Identifier: Apache-2.0
-- What stops matching workflows from starting. Scope: '' is "any". until_ms 0: until it is released.
CREATE TABLE slipway.hold (
    id text COLLATE "C" PRIMARY KEY,
    origin text COLLATE "C" NOT NULL,
    by_whom text NOT NULL,
    reason text NOT NULL,
    channel text NOT NULL,
    service text NOT NULL,
    environment text NOT NULL,
    lane text NOT NULL,
    since_ms bigint NOT NULL,
    until_ms bigint NOT NULL
);
