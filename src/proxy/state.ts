import type { IpAddress } from "../base/ip_address.ts";
import type { BoundedMap } from "../base/bounded_map.ts";
import type { AccessLists } from "../access/access_list.ts";
import type { AuthMemory } from "../auth/auth_memory.ts";
import type { Passwords } from "../auth/passwords.ts";
import type { Config } from "../config/config.ts";
import type { PluginChain } from "../plugin/host.ts";
import type { BindingTable } from "../registrar/binding_table.ts";
import type { AnswerBudget } from "./answer_budget.ts";
import type { Env } from "./env.ts";
import type { DialogTable } from "./dialog_table.ts";
import type { AnsweredRegisters, PendingRegistrations } from "./pending_registrations.ts";
import type { RetransmissionTable } from "./retransmissions.ts";
import type { StrangerNews } from "./stranger_news.ts";
import type { TransactionMemo } from "./transaction_memo.ts";

/** What a run reads: the proxy's memory and the world at this moment. */
export interface World {
  readonly state: ProxyState;
  readonly env: Env;
}

/** All that the signalling isolate remembers; a run reads it, only applied actions change it. */
export interface ProxyState {
  /** Replaced by a reload, never changed in itself: a run sees one configuration from its start to its end. */
  config: Config;
  /** Made of the configuration, and replaced with it. */
  access: AccessLists;
  readonly bindings: BindingTable;
  readonly dialogs: DialogTable;
  readonly memo: TransactionMemo;
  readonly pending: PendingRegistrations;
  readonly answered: AnsweredRegisters;
  /** Requests that came by a stream and left by UDP. */
  readonly retransmissions: RetransmissionTable;
  /** The loaded plugins; their own state lives in them. */
  readonly plugins: PluginChain;
  readonly answerBudget: AnswerBudget;
  readonly strangerNews: StrangerNews;
  /** Outbound addresses that took a REGISTER of ours or are party to a dialog. */
  readonly knownPeers: BoundedMap<IpAddress, "peer">;
  /** Addresses that the names of our providers stand for; the shell replaces it when they are looked up again. */
  providers: ReadonlySet<IpAddress>;
  readonly auth: AuthMemory;
  /** What digest authentication checks against; the shell replaces it when the password file changes. */
  passwords: Passwords;
}
