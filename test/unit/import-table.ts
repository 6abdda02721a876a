/** The rooms whose code each room may run. `shared/contract` is everybody's, and imports none. */
export const MAY_IMPORT: Record<string, readonly string[]> = {
  "shared/contract": [],
  "shared/runtime": ["shared/contract"],
  "shared/db": ["shared/contract", "shared/runtime"],
  "shared/redis": ["shared/runtime"],
  "shared/queue": ["shared/contract", "shared/runtime", "shared/redis"],
  "shared/stream": ["shared/contract", "shared/runtime", "shared/redis"],
  // Of the database an agent sees a port and row types, nothing that runs.
  "packages/agents": ["shared/contract", "shared/runtime"],
  "apps/api": [
    "shared/contract",
    "shared/runtime",
    "shared/db",
    "shared/queue",
    "shared/stream",
    "packages/agents/catalog",
  ],
  "apps/worker": [
    "shared/contract",
    "shared/runtime",
    "shared/db",
    "shared/queue",
    "shared/stream",
    "packages/agents",
  ],
  // Runs in browsers, and takes nothing along: of the contract it has generated types.
  "packages/client": [],
  // A program of its own, which stands in for somebody else's.
  "apps/demo-gateway": ["shared/contract", "shared/runtime"],
};
