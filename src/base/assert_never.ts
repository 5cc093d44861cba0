/**
 * Ends a `switch` over a union: the compiler refuses a forgotten member, and a value that got past it is a bug.
 *
 * @param value what no case took
 * @throws Error always: reaching this line is our bug
 */
export function assertNever(value: never): never {
  throw new Error(`Cannot handle value: no case takes ${JSON.stringify(value)}`);
}
