import type { AccessEntry } from "../config/config.ts";

/** What every option tells about itself: the README's table and the messages of `check` are made from it. */
export interface OptionText {
  /** One sentence for the user. */
  readonly help: string;
  /** A value that works, as it is written in siproxd.conf. */
  readonly example: string;
}

/** A text; without `default` and `required` it may be missing. */
export interface StringOption extends OptionText {
  /** The tag. */
  readonly kind: "string";
  /** Value of an option that is not set. */
  readonly default?: string;
  /** The plugin cannot be loaded without it. */
  readonly required?: true;
  /** Gives the reason why a value cannot be used, such as `no SIP URI`. */
  readonly validate?: (value: string) => string | undefined;
}

/** A whole number. */
export interface IntegerOption extends OptionText {
  /** The tag. */
  readonly kind: "integer";
  /** Value of an option that is not set. */
  readonly default: number;
  /** Smallest value that is taken. */
  readonly min: number;
  /** Largest value that is taken. */
  readonly max: number;
}

/** A switch, written 0 or 1. */
export interface BooleanOption extends OptionText {
  /** The tag. */
  readonly kind: "boolean";
  /** Value of an option that is not set. */
  readonly default: boolean;
}

/** A key that may stand several times; its values keep their order. */
export interface ListOption extends OptionText {
  /** The tag. */
  readonly kind: "list";
  /** The plugin cannot be loaded without at least one value. */
  readonly required?: true;
  /** Gives the reason why one of the values cannot be used. */
  readonly validate?: (value: string) => string | undefined;
}

/** An access list: `host/bits` joined by commas. */
export interface NetworksOption extends OptionText {
  /** The tag. */
  readonly kind: "networks";
}

/** One option of a plugin, as plain data. */
export type Option = StringOption | IntegerOption | BooleanOption | ListOption | NetworksOption;

/** All options of a plugin; the key `server` of plugin `stun` is `plugin_stun_server` in siproxd.conf. */
export type OptionSchema = Readonly<Record<string, Option>>;

/** The value that an option gives. */
export type OptionValue<O extends Option> = O extends IntegerOption ? number
  : O extends BooleanOption ? boolean
  : O extends ListOption ? readonly string[]
  : O extends NetworksOption ? readonly AccessEntry[]
  : O extends { readonly kind: "string"; readonly default: string } ? string
  : O extends { readonly kind: "string"; readonly required: true } ? string
  : string | undefined;

/** The typed configuration that a plugin gets. */
export type ConfigOf<Schema extends OptionSchema> = {
  readonly [Key in keyof Schema]: OptionValue<Schema[Key]>;
};
