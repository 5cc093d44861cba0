// deno-lint-ignore-file no-explicit-any -- the real package's signatures
/**
 * Spies and stubs: functions that record how they were called.
 *
 * @module
 */
import { AssertionError, deepStrictEqual } from "node:assert";

/** An error of mocking itself. */
export class MockError extends Error {
  /** Makes the error. */
  constructor(message: string) {
    super(message);
    this.name = "MockError";
  }
}

/** One call of a spy. */
export interface SpyCall<Self = any, Args extends unknown[] = any[], Return = any> {
  /** What the function was called with. */
  args: Args;
  /** What it was called on. */
  self?: Self;
  /** What it returned. */
  returned?: Return;
  /** What it threw. */
  error?: Error;
}

/** A function that records its calls. */
export interface Spy<Self = any, Args extends unknown[] = any[], Return = any> {
  (this: Self, ...args: Args): Return;
  /** The function behind the spy. */
  original: (this: Self, ...args: Args) => Return;
  /** All calls, in order. */
  calls: SpyCall<Self, Args, Return>[];
  /** Whether the original method is back in place. */
  restored: boolean;
  /** Puts the original method back. */
  restore(): void;
}

/** A spy in place of a method. */
export interface MethodSpy<Self = any, Args extends unknown[] = any[], Return = any>
  extends Spy<Self, Args, Return>, Disposable {}

/** A spy with behaviour of its own in place of a method. */
export interface Stub<Self = any, Args extends unknown[] = any[], Return = any>
  extends MethodSpy<Self, Args, Return> {
  /** What runs in place of the original. */
  fake: (this: Self, ...args: Args) => Return;
}

/** Arguments of a method. */
export type GetParametersFromProp<Self, Prop extends keyof Self> = Self[Prop] extends
  (...args: infer Args) => unknown ? Args : unknown[];

/** Result of a method. */
export type GetReturnFromProp<Self, Prop extends keyof Self> = Self[Prop] extends
  (...args: any[]) => infer Return ? Return : unknown;

function cannotRestore(): void {
  throw new MockError("Cannot restore: the function is not a method of an object");
}

type Run = (self: unknown, args: unknown[]) => any;

function record(run: Run, original: (...args: any[]) => any, restore: () => void): Stub {
  const calls: SpyCall[] = [];
  const recorder = function (this: unknown, ...args: unknown[]): unknown {
    const call: SpyCall = { args };
    if (this !== undefined) call.self = this;
    try {
      call.returned = run(this, args);
      return call.returned;
    } catch (error) {
      call.error = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      calls.push(call);
    }
  };
  return Object.assign(recorder, {
    original,
    fake: (...args: unknown[]) => run(undefined, args),
    calls,
    restored: false,
    restore,
    [Symbol.dispose]: restore,
  });
}

function replaceMethod(self: object, property: PropertyKey, fake?: (...args: any[]) => any): Stub {
  const before = Object.getOwnPropertyDescriptor(self, property);
  const original: unknown = Reflect.get(self, property);
  if (typeof original !== "function") {
    throw new MockError(`Cannot spy: ${String(property)} is no method`);
  }
  if (Object.hasOwn(original, "calls") && Object.hasOwn(original, "restored")) {
    throw new MockError(`Cannot spy: ${String(property)} is already spied on`);
  }
  const run = fake ?? original;
  const restore = (): void => {
    if (made.restored) throw new MockError(`Cannot restore: ${String(property)} is restored`);
    if (before) Object.defineProperty(self, property, before);
    else Reflect.deleteProperty(self, property);
    made.restored = true;
  };
  const made = record(
    (receiver, args) => Reflect.apply(run, receiver, args),
    (...args: unknown[]) => Reflect.apply(original, self, args),
    restore,
  );
  made[Symbol.dispose] = () => {
    if (!made.restored) restore();
  };
  Object.defineProperty(self, property, {
    value: made,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  return made;
}

/** Makes a spy that does nothing. */
export function spy<Self = any, Args extends unknown[] = any[], Return = undefined>(): Spy<
  Self,
  Args,
  Return
>;
/** Wraps a function in a spy. */
export function spy<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return>;
/** Replaces a method by a spy that calls it. */
export function spy<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
): MethodSpy<Self, GetParametersFromProp<Self, Prop>, GetReturnFromProp<Self, Prop>>;
export function spy(target?: object, property?: PropertyKey): Spy {
  if (target !== undefined && property !== undefined) return replaceMethod(target, property);
  const original = typeof target === "function" ? target : () => undefined;
  return record(
    (self, args) => Reflect.apply(original, self, args),
    (...args: unknown[]) => Reflect.apply(original, undefined, args),
    cannotRestore,
  );
}

/** Replaces a method by one that does nothing, or what a function of the test does. */
export function stub<
  Self,
  Prop extends keyof Self,
  Args extends unknown[] = GetParametersFromProp<Self, Prop>,
  Return = GetReturnFromProp<Self, Prop>,
>(
  self: Self,
  property: Prop,
  func?: (this: Self, ...args: Args) => Return,
): Stub<Self, Args, Return>;
export function stub(
  self: object,
  property: PropertyKey,
  func?: (...args: any[]) => any,
): Stub {
  return replaceMethod(self, property, func ?? (() => undefined));
}

/** Makes a function that returns the given values one after the other; errors are thrown. */
export function returnsNext<Return, Self = any, Args extends unknown[] = any[]>(
  values: Iterable<Return>,
): (this: Self, ...args: Args) => Return {
  const iterator = values[Symbol.iterator]();
  let calls = 0;
  return function (): Return {
    calls++;
    const next = iterator.next();
    if (next.done) {
      throw new MockError(`Not expected to be called more than ${calls - 1} time(s)`);
    }
    if (next.value instanceof Error) throw next.value;
    return next.value;
  };
}

/** Makes a function that returns its n-th argument. */
export function returnsArg<Arg, Self = any>(
  idx: number,
): (this: Self, ...args: Arg[]) => Arg | undefined {
  return (...args) => args[idx];
}

/** Asserts how many times a spy was called. */
export function assertSpyCalls<Self, Args extends unknown[], Return>(
  spy: Spy<Self, Args, Return>,
  expectedCalls: number,
): void {
  if (spy.calls.length === expectedCalls) return;
  throw new AssertionError({
    message: `Spy called ${spy.calls.length} time(s), expected ${expectedCalls}`,
    actual: spy.calls.length,
    expected: expectedCalls,
    operator: "assertSpyCalls",
  });
}

/** What {@linkcode assertSpyCall} compares; absent parts are not compared. */
export interface ExpectedSpyCall<Self, Args extends unknown[], Return> {
  /** What the function was called with. */
  args?: [...Args, ...unknown[]];
  /** What it was called on. */
  self?: Self;
  /** What it returned. */
  returned?: Return;
}

/** Asserts how the n-th call of a spy was. */
export function assertSpyCall<Self, Args extends unknown[], Return>(
  spy: Spy<Self, Args, Return>,
  callIndex: number,
  expected?: ExpectedSpyCall<Self, Args, Return>,
): void {
  const call = spy.calls[callIndex];
  if (call === undefined) {
    throw new AssertionError({ message: `Spy has no call ${callIndex}` });
  }
  if (expected?.args !== undefined) deepStrictEqual(call.args, expected.args);
  if (expected && "self" in expected) deepStrictEqual(call.self, expected.self);
  if (expected && "returned" in expected) deepStrictEqual(call.returned, expected.returned);
}
