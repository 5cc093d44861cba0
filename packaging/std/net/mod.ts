/**
 * Ports and addresses of this machine: the part of `jsr:@std/net` that this project uses.
 *
 * @module
 */
export * from "./get_available_port.ts";
export * from "./get_network_address.ts";
