/**
 * The types of `parseArgs`: its result follows from the names given in its options.
 *
 * @module
 */

/** Names of options, or nothing where the caller declared none. */
export type Names = string | undefined;

/** Alternative names: `{ help: "h" }` or `{ help: ["h", "?"] }`. */
export type Aliases = Readonly<Record<string, string | readonly string[]>>;

type Given<T> = Extract<T, string>;

type TextValues<S, C, N> =
  & { [K in Exclude<Given<S>, Given<C>>]?: K extends N ? string | false : string }
  & { [K in Extract<Given<S>, Given<C>>]: K extends N ? string[] | false : string[] };

type FlagValues<B, C> =
  & { [K in Exclude<Given<B>, Given<C>>]: boolean }
  & { [K in Extract<Given<B>, Given<C>>]: boolean[] };

type OtherLists<B, S, C> = {
  [K in Exclude<Given<C>, Given<B> | Given<S>>]: unknown[];
};

type WithDefaults<T, D> = D extends Record<string, unknown> ?
    & { [K in Exclude<keyof T, keyof D>]: T[K] }
    & { [K in keyof D]: K extends keyof T ? Exclude<T[K], undefined> | D[K] : unknown }
  : { [K in keyof T]: T[K] };

type PlainNames<T, K extends keyof T> = K extends string ? (string extends K ? never : K) : never;

type NamesOf<K, A> = K extends keyof A
  ? A[K] extends readonly (infer M)[] ? K | Given<M> : K | Given<A[K]>
  : K;

type WithAliases<T, A> = A extends Aliases
  ? { [K in PlainNames<T, keyof T> as NamesOf<K, A>]: T[K] }
  : T;

/** What the declared options turn into, before `_` and `--` are added. */
export type Values<B, S, C, N, D, A> = [Given<B> | Given<S> | Given<C>] extends [never]
  ? Record<string, unknown>
  :
    & { [name: string]: unknown }
    & WithAliases<WithDefaults<TextValues<S, C, N> & FlagValues<B, C> & OtherLists<B, S, C>, D>, A>;

/** The value returned from `parseArgs`. */
export type Args<
  TArgs extends Record<string, unknown> = Record<string, unknown>,
  TDoubleDash extends boolean | undefined = undefined,
> =
  & TArgs
  & {
    /** The arguments that belong to no option, in order. */
    _: Array<string | number>;
  }
  & (TDoubleDash extends true ? { "--": string[] } : Record<never, never>);

/** The options for the `parseArgs` call. */
export interface ParseOptions<
  TBooleans extends Names = Names,
  TStrings extends Names = Names,
  TCollectable extends Names = Names,
  TNegatable extends Names = Names,
  TDefault extends Record<string, unknown> | undefined = Record<string, unknown> | undefined,
  TAliases extends Aliases | undefined = Aliases | undefined,
  TDoubleDash extends boolean | undefined = boolean | undefined,
> {
  /** When `true`, what follows `--` goes to the result's `"--"` instead of `_`. */
  "--"?: TDoubleDash;
  /** Alternative names; every name receives the value. */
  alias?: TAliases;
  /** Options without a value; absent ones are `false`. `true`: every `--name` without `=`. */
  boolean?: boolean | TBooleans | ReadonlyArray<Extract<TBooleans, string>>;
  /** Values of absent options. */
  default?: TDefault;
  /** When `true`, everything after the first non-option goes to `_` unparsed. */
  stopEarly?: boolean;
  /** Options whose value stays text, even if it looks like a number. */
  string?: TStrings | ReadonlyArray<Extract<TStrings, string>>;
  /** Options that may come several times; absent ones are `[]` where they are typed. */
  collect?: TCollectable | ReadonlyArray<Extract<TCollectable, string>>;
  /** Options that `--no-<name>` sets to `false`. */
  negatable?: TNegatable | ReadonlyArray<Extract<TNegatable, string>>;
  /** Called for each argument that no option declares; `false` leaves it out of the result. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
