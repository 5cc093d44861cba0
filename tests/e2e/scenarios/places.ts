/** Hosts and addresses of the scenarios; RFC 1918 inside, RFC 5737 outside. */

import type { HostPlan, InterfacePlan, NetworkPlan } from "../support/network.ts";

/** The router's public address. */
export const PUBLIC = "203.0.113.1" as const;
/** The provider, who runs the name server too. */
export const PROVIDER = "203.0.113.10" as const;
/** A phone somewhere in the Internet. */
export const FAR = "203.0.113.20" as const;
/** Name of the provider. */
export const PROVIDER_NAME = "pbx.example.org" as const;
/** Name that leads to the public address, as the guide has it. */
export const HOME_NAME = "foo.bar.org" as const;
/** Name of a PBX in the house. */
export const PBX_NAME = "pbx.foo.bar.org" as const;
/** The router, seen from the phones. */
export const ROUTER = "10.0.0.1" as const;

/** A host of the home network that knows the router only. */
export function homeHost(address: string): HostPlan {
  return {
    kind: "ends",
    interfaces: [{ name: "eth0", address: `${address}/24`, network: "home" }],
    gateway: ROUTER,
    nameServer: PROVIDER,
  };
}

/** A router between the home network (or another one) and the Internet. */
export function router(inside: Pick<InterfacePlan, "address" | "network">): HostPlan {
  return {
    kind: "forwards",
    interfaces: [
      { name: "eth0", ...inside },
      { name: "ppp0", address: `${PUBLIC}/24`, network: "internet" },
    ],
    gateway: PROVIDER,
    nameServer: PROVIDER,
  };
}

/** Provider and far phone. */
export const INTERNET: NetworkPlan = {
  provider: internetHost(PROVIDER),
  far: internetHost(FAR),
};

/** A phone at 10.0.0.10, a router at 10.0.0.1, and the Internet. */
export const HOME: NetworkPlan = {
  phone: homeHost("10.0.0.10"),
  router: router({ address: `${ROUTER}/24`, network: "home" }),
  ...INTERNET,
};

/** No route to any private network: what leaves the router unmasked is lost. */
function internetHost(address: string): HostPlan {
  return {
    kind: "ends",
    interfaces: [{ name: "eth0", address: `${address}/24`, network: "internet" }],
    nameServer: PROVIDER,
  };
}
