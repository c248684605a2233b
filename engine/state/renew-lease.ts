// Keeps one lease alive over a connection of its own, for a thread that does nothing else: a run whose own thread is busy must not lose its lease.

import type { LeaseRenewal, RenewalConnection } from "./store.ts";

/** Reaches the store of a lease. The store's driver is loaded only here. */
export async function renewLease(renewal: LeaseRenewal): Promise<RenewalConnection> {
  switch (renewal.store) {
    case "sqlite": {
      const { connectSqliteRenewal } = await import("./sqlite-lease.ts");
      return connectSqliteRenewal(renewal);
    }
    case "postgres": {
      const { connectPostgresRenewal } = await import("./postgres-lease.ts");
      return connectPostgresRenewal(renewal);
    }
  }
}
