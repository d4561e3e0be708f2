/**
 * Imported before a registry, it makes it one of a later version, with a migration that adds to the tables that requests
 * use most.
 */
import {migrations, type Migration} from '../../src/server/store/postgres/migrations/index.js'

const later: Migration = {
  name: '9999-later',
  sql: `
    ALTER TABLE tokens ADD COLUMN later text;
    ALTER TABLE token_values ADD COLUMN later bigint NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN later text;
    ALTER TABLE users ADD COLUMN later text;
    ALTER TABLE packages ADD COLUMN later text;
    ALTER TABLE versions ADD COLUMN later text;
    ALTER TABLE blobs ADD COLUMN later text;
    ALTER TABLE audit ADD COLUMN later text;
    CREATE TABLE later (id bigint PRIMARY KEY)`,
  indexes: [{name: 'audit_later', on: 'audit (later, at)'}],
}

const list = migrations as Migration[]
list.push(later)
