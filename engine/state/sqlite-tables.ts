// The tables of the SQLite store and their format number.

import { randomBytes } from "node:crypto";

/** Stored as `PRAGMA user_version`. A higher one is refused. */
export const stateFormat = 1;

export const tables = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object(object TEXT PRIMARY KEY, key TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object_history(serial INTEGER NOT NULL, object TEXT NOT NULL, body TEXT, PRIMARY KEY(serial, object)) WITHOUT ROWID;
CREATE TABLE journal(rowid INTEGER PRIMARY KEY, operation TEXT NOT NULL UNIQUE, ended INTEGER, body TEXT NOT NULL);
CREATE INDEX journal_open ON journal(rowid) WHERE ended IS NULL;
CREATE TABLE output(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run(rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE lock(id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT, lease_until INTEGER NOT NULL, fence INTEGER NOT NULL);
INSERT INTO lock(id, holder, lease_until, fence) VALUES (1, NULL, 0, 0);
`;

/** 128 random bits, hex. */
export function createLineage(): string {
  return randomBytes(16).toString("hex");
}
