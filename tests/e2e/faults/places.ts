/** Addresses and interfaces of the fault tests: the daemon's router, and one namespace with everybody around it. */

/** Addresses. */
export const PLACES = {
  lan: "10.0.0.1",
  wan: "203.0.113.1",
  /** What the Internet side becomes when its address changes. */
  newWan: "203.0.113.77",
  phones: "10.0.0.10",
  far: "203.0.113.10",
} as const;

/** Interface names inside the router; those of the peers' namespace are the same. */
export const LINKS = { lan: "lan0", wan: "wan0" } as const;

/** Port of SIP everywhere. */
export const SIP_PORT = 5060 as const;

/** Name of the environment variable that tells inside.ts the router's namespace. */
export const ROUTER_VARIABLE = "SIPROXD_FAULTS_ROUTER" as const;
