import type { SideAddresses } from "../../base/side_addresses.ts";
import type { InterfacesConfig } from "../../config/config.ts";
import { type DefaultRoute, findDefaultRoute } from "../machine/default_route.ts";
import {
  chooseNetwork,
  type ChosenNetwork,
  type InterfaceAddress,
  readInterfaces,
} from "../machine/interfaces.ts";

/** Period of the look at the interfaces: a change is served within five seconds, and a look costs 0.1 ms. */
const POLL_INTERVAL_MS = 2000;

/** How the machine is asked; tests answer themselves. */
export interface NetworkSources {
  readonly readInterfaces: () => readonly InterfaceAddress[];
  readonly findDefaultRoute: () => Promise<DefaultRoute | undefined>;
}

/** Asks the machine. */
export const MACHINE: NetworkSources = Object.freeze({ readInterfaces, findDefaultRoute });

/**
 * Writes our addresses for the log; those of IPv6 where they stand beside IPv4 ones.
 *
 * @param own our addresses now
 * @returns fields of an event
 */
export function networkFields(own: SideAddresses): Readonly<Record<string, string>> {
  const { lan = "down", wan = "down", lan6, wan6 } = own;
  return {
    lan,
    wan,
    ...(lan6 !== undefined && { lan6 }),
    ...(wan6 !== undefined && { wan6 }),
  };
}

/** Follows the addresses of the machine. The routing table is read once, while programs may still be run. */
export class NetworkWatch {
  #settings: InterfacesConfig;
  readonly #sources: NetworkSources;
  #route: DefaultRoute | undefined;
  #known = "";
  #timer: number | undefined;

  constructor(settings: InterfacesConfig, sources: NetworkSources = MACHINE) {
    this.#settings = settings;
    this.#sources = sources;
  }

  /** Reads routing table and interfaces. */
  async open(): Promise<ChosenNetwork> {
    this.#route = await this.#sources.findDefaultRoute();
    return this.choose(this.#settings);
  }

  /** Goes by other settings from now on; the routing table is the one of the start. */
  choose(settings: InterfacesConfig): ChosenNetwork {
    this.#settings = settings;
    const network = this.#look();
    this.#known = JSON.stringify(network);
    return network;
  }

  /** Calls back after each change from now on. */
  follow(onChange: (network: ChosenNetwork) => void): void {
    this.#timer = setInterval(() => {
      const network = this.#look();
      const known = JSON.stringify(network);
      if (known === this.#known) return;
      this.#known = known;
      onChange(network);
    }, POLL_INTERVAL_MS);
  }

  /** Stops calling. */
  close(): void {
    clearInterval(this.#timer);
  }

  #look(): ChosenNetwork {
    const addresses = this.#sources.readInterfaces();
    return chooseNetwork(this.#settings, { addresses, route: this.#route });
  }
}
