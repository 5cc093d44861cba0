/**
 * Assertions about types, checked by the compiler alone.
 *
 * @module
 */

/** Accepts `true` or `false` as the type argument says; does nothing at run time. */
export function assertType<T extends boolean>(_expectTrue: T): void {}

/** Fails to compile unless `T` is `true`. */
export type AssertTrue<T extends true> = [T] extends [true] ? never : never;

/** Fails to compile unless `T` is `false`. */
export type AssertFalse<T extends false> = [T] extends [false] ? never : never;

/** Whether `T` is `any`. */
export type IsAny<T> = 0 extends (1 & T) ? true : false;

/** Whether `T` is `never`. */
export type IsNever<T> = [T] extends [never] ? true : false;

/** Whether `T` is `unknown`. */
export type IsUnknown<T> = unknown extends T ? IsAny<T> extends true ? false : true : false;

/** Whether `T` may be `null` or `undefined`. */
export type IsNullable<T> = Extract<T, null | undefined> extends never ? false : true;

/** Whether `U` is among the members of `T`. */
export type Has<T, U> = IsAny<T> extends true ? true
  : IsAny<U> extends true ? false
  : Extract<T, U> extends never ? false
  : true;

/** Whether `U` is not among the members of `T`. */
export type NotHas<T, U> = Has<T, U> extends false ? true : false;

type Same<T, U> = (<X>() => X extends T ? 1 : 2) extends (<X>() => X extends U ? 1 : 2) ? true
  : false;

/** An intersection as one object type, so that only its members count. */
type Flat<T> = IsAny<T> extends true ? T : { [K in keyof T]: T[K] };

/** Whether `T` and `U` are the same type, with the same members. */
export type IsExact<T, U> = Same<T, U> extends true ? true : Same<Flat<T>, Flat<U>>;
