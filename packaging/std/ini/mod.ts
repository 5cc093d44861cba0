/**
 * INI text to objects and back: the part of `jsr:@std/ini` that this project uses.
 *
 * @module
 */
export * from "./parse.ts";
export * from "./stringify.ts";
