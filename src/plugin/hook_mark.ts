/** FNV-1a, 32 bits: enough to tell the few plugins of one daemon apart. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Gives the number that stands for a plugin in the memory that tells which hook runs at this moment.
 *
 * An isolate that hangs cannot say any more who it was; a number that it wrote before each call still does.
 *
 * @param name bare name of the plugin
 * @returns never 0, which stands for nobody
 */
export function hookMark(name: string): number {
  let hash = OFFSET;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), PRIME);
  }
  return hash | 1;
}
